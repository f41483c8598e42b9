"""Print what this release's registry reads of a registration and a run: `python PATH URL REGISTRATION RUN`."""

import asyncio
import json
import sys

from registry import elements, import_runs
from registry.database import Database
from registry.elements import ElementCriteria


async def main(url: str, registration: str, run: str) -> None:
    async with Database(url) as database, database.reading() as connection:
        page = await elements.page(connection, ElementCriteria(registration), 100)
        first = await elements.first_pages(connection, [registration], 100, kinds=None, vanished=None)
        known = await elements.known_elements(connection, registration)
        changes, _ = await import_runs.changes_page(connection, run, 100)
        problems = (await import_runs.by_keys(connection, [run]))[run].problems
    parts = (page.records, first[registration].page.records, known, changes, problems)
    sys.stdout.write(json.dumps([[one.kind.value for one in part] for part in parts]))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
