"""A drill: `python -m tests.drill [--seed N] [--faults N] [--folder PATH]` begins a fleet, breaks it, and says not how.

It prints where metrics, `/readyz` and logs are. Find the cause with docs/operations.md alone; it is in the folder's
file `answer`. Enter mends it, and goes on to the next one.
"""

import argparse
import asyncio
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp

from benchmarks.databases import POSTGRES, database
from gateway.commands.migrate import migrate_database
from gateway.settings.settings import from_mapping
from tests.drill.faults import FAULTS, Fault
from tests.drill.fleet import Fleet, open_fleet
from tests.drill.load import EverydayLife

HEALTHY_SECONDS = 20.0


def main() -> int:
    """Run until the last fault is mended, or until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.drill", description=__doc__)
    parser.add_argument("--seed", type=int, help="chooses the fault; a random one unless given")
    parser.add_argument("--faults", type=int, default=1, help=f"so many, none twice; at most {len(FAULTS)}")
    parser.add_argument("--folder", type=Path, help="where settings, logs and the answer go; a new one unless given")
    arguments = parser.parse_args()
    folder = arguments.folder or Path(mkdtemp(prefix="sagegraph-drill-"))
    folder.mkdir(exist_ok=True, parents=True)
    try:
        asyncio.run(_drill(folder, random.Random(arguments.seed).sample(FAULTS, arguments.faults)))
    except KeyboardInterrupt:
        _say("It is over.")
    return 0


async def _drill(folder: Path, faults: Sequence[Fault]) -> None:
    with database(POSTGRES) as url:
        await migrate_database(from_mapping({"database": {"url": url}}))
        async with open_fleet(folder, url) as fleet, EverydayLife(fleet).lived():
            _show(fleet)
            for number, fault in enumerate(faults, start=1):
                await asyncio.sleep(HEALTHY_SECONDS)
                async with fault.inject(fleet):
                    with (folder / "answer").open("a", encoding="utf-8") as answer:
                        answer.write(f"{number}. {fault.name}: {fault.cause}\n")
                    _say(f"\nSomething is wrong now (number {number}). Enter mends it.")
                    await asyncio.to_thread(sys.stdin.readline)


def _show(fleet: Fleet) -> None:
    _say(f"People ask by way of {fleet.public}/graphql, as `ann` of the group risk or marketing.")
    for name, member in fleet.members.items():
        _say(f"{name}: {member.url}/readyz, {member.url}/metrics, {fleet.folder / f'{name}.log'}")
    _say(f"nginx logs to {fleet.folder / 'nginx' / 'error.log'}. All is well so far.")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
