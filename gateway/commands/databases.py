"""What commands ask of the database before they rely on it."""

from gateway.settings import Settings
from registry.database import Database
from registry.errors import RegistryError, RegistryUnavailableError


async def fault(settings: Settings) -> str | None:
    """Why the gateway cannot work with the database of these settings, and the remedy; None where it can."""
    try:
        async with Database(settings.database.url.get_secret_value()):
            return None
    except RegistryError as error:
        return told(error)


def told(error: RegistryError) -> str:
    """A fault of the database, and the remedy in the words of the settings."""
    away = isinstance(error, RegistryUnavailableError)
    return f"{error} See that the database runs, or correct database.url." if away else str(error)
