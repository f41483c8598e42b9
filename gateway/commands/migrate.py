"""`migrate`: makes the tables that the gateway needs in its database, brings them up to date, or takes them back."""

import argparse
import asyncio
import sys

from gateway.commands.settings_file import load_settings
from gateway.settings.settings import Settings


def run(arguments: argparse.Namespace) -> int:
    """Change the database of the arguments' settings file; a repetition changes nothing. Give 1 if it fails."""
    settings = load_settings(arguments)
    if settings is None:
        return 1
    from gateway.commands.database_check import explain_registry_error
    from registry.errors import RegistryError

    try:
        if arguments.to is None:
            version = asyncio.run(migrate_database(settings))
            print(f"The database has the tables that this gateway works with, version {version}.")
        else:
            print(f"The database has the tables of version {asyncio.run(_migrate_to(settings, arguments.to))}.")
    except RegistryError as error:
        print(explain_registry_error(error), file=sys.stderr)
        return 1
    return 0


async def migrate_database(settings: Settings) -> str:
    """Make or change the tables of the settings' database.

    Returns:
        The version of the tables, which is a later one if that is compatible with this gateway.

    Raises:
        RegistryError: The database is away, or cannot be changed.
    """
    from registry.schema_versions import current_version, latest_version, upgrade
    from workflows.durable.dbos_tables import migrate_dbos

    url = settings.database.address()
    await upgrade(url)
    await migrate_dbos(url)
    return await current_version(url) or latest_version()


async def _migrate_to(settings: Settings, version: str) -> str:
    """Take the registry's tables to a version; those of durable work serve earlier gateways as they are."""
    from registry.schema_versions import migrate_to

    return await migrate_to(settings.database.address(), version)
