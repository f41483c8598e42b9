"""`migrate`: makes the tables that the gateway needs in its database, or brings them up to date."""

import argparse
import asyncio
import sys

from gateway.commands.settings_file import settings_of
from gateway.settings import Settings


def run(given: argparse.Namespace) -> int:
    """Changes the database of these settings; doing it again changes nothing. 1 where it cannot be done."""
    settings = settings_of(given)
    if settings is None:
        return 1
    from gateway.commands.databases import told
    from registry.errors import RegistryError

    try:
        version = asyncio.run(migrated(settings))
    except RegistryError as error:
        print(told(error), file=sys.stderr)
        return 1
    print(f"The database has the tables that this gateway works with, version {version}.")
    return 0


async def migrated(settings: Settings) -> str:
    """Makes or changes the tables, and gives their version. Raises RegistryError."""
    from registry.versions import newest, upgrade
    from workflows.durable.tables import migrate_durable

    url = settings.database.url.get_secret_value()
    await upgrade(url)
    await migrate_durable(url)
    return newest()
