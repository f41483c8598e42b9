"""Real processes that migrate one database at the same moment."""

import asyncio
import sys

from registry.schema_versions import upgrade
from tests.processes.starting import PIPE, start
from workflows.durable.dbos_tables import migrate_dbos

_PATIENCE = 60


async def migrate_in_processes(url: str, count: int) -> list[tuple[int | None, str]]:
    """The status and standard error of each process; all have loaded everything before the first one begins."""
    processes = [
        await start("tests.workflows.durable.migrating", url, stdin=PIPE, stdout=PIPE, stderr=PIPE)
        for _ in range(count)
    ]
    try:
        async with asyncio.timeout(_PATIENCE):
            for process in processes:
                assert process.stdout is not None
                await process.stdout.readline()
            for process in processes:
                assert process.stdin is not None
                process.stdin.write(b"go\n")
            ended = await asyncio.gather(*(process.communicate() for process in processes))
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
                await process.communicate()
    return [(process.returncode, data.decode()) for process, (_, data) in zip(processes, ended, strict=True)]


async def _migrate(url: str) -> None:
    await upgrade(url)
    await migrate_dbos(url)


if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    asyncio.run(_migrate(sys.argv[1]))
