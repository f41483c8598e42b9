"""Check that the database is reachable and migrated before a command relies on it."""

from gateway.settings.settings import Settings
from registry.database import Database
from registry.errors import RegistryError, RegistryUnavailableError
from workflows.durable.dbos_tables import dbos_is_behind

_BEHIND = (
    "The tables of durable work are missing, or of an earlier version; "
    "run `python -m gateway migrate --config FILE` first."
)


async def database_fault(settings: Settings) -> str | None:
    """Give the reason why the gateway cannot work with the settings' database, and the remedy; None if it can."""
    try:
        async with Database(url := settings.database.address()):
            return _BEHIND if await dbos_is_behind(url) else None
    except RegistryError as error:
        return explain_registry_error(error)


def explain_registry_error(error: RegistryError) -> str:
    """Describe an error of the database, with the remedy in the words of the settings."""
    away = isinstance(error, RegistryUnavailableError)
    return f"{error} See that the database runs, or correct `database`." if away else str(error)
