"""`migrate`: makes the tables that the gateway needs in its database, or brings them up to date."""

import argparse
import asyncio
import sys

from gateway.commands.settings_file import load_settings
from gateway.settings.settings import Settings


def run(arguments: argparse.Namespace) -> int:
    """Changes the database of these settings; doing it again changes nothing. 1 where it cannot be done."""
    settings = load_settings(arguments)
    if settings is None:
        return 1
    from gateway.commands.database_check import explain_registry_error
    from registry.errors import RegistryError

    try:
        version = asyncio.run(migrate_database(settings))
    except RegistryError as error:
        print(explain_registry_error(error), file=sys.stderr)
        return 1
    print(f"The database has the tables that this gateway works with, version {version}.")
    return 0


async def migrate_database(settings: Settings) -> str:
    """Makes or changes the tables, and gives their version. Raises RegistryError."""
    from registry.schema_versions import latest_version, upgrade
    from workflows.durable.dbos_tables import migrate_dbos

    url = settings.database.address()
    await upgrade(url)
    await migrate_dbos(url)
    return latest_version()
