"""Real processes that migrate one database at the same moment."""

import asyncio
import sys
from pathlib import Path

from registry.schema_versions import upgrade
from workflows.durable.dbos_tables import migrate_dbos

_ROOT = Path(__file__).parents[3]
_PATIENCE = 60


async def migrate_in_processes(url: str, count: int) -> list[tuple[int | None, str]]:
    """The status and standard error of each process; all have loaded everything before the first one begins."""
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.workflows.durable.migrating", url),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=_ROOT,
        )
        for _ in range(count)
    ]
    try:
        async with asyncio.timeout(_PATIENCE):
            for process in processes:
                assert process.stdout is not None
                await process.stdout.readline()
            ended = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
                await process.communicate()
    return [(process.returncode, said.decode()) for process, (_, said) in zip(processes, ended, strict=True)]


async def _migrate(url: str) -> None:
    await upgrade(url)
    await migrate_dbos(url)


if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    asyncio.run(_migrate(sys.argv[1]))
