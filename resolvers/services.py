"""What every request may use beside AWS: the settings that anyone may see, and the registry."""

from dataclasses import dataclass

from registry.database import Database
from resolvers.public_settings import PublicSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What lives as long as the process and is shared by all requests.

    Attributes:
        public_settings: The part of the settings that anyone may see.
        database: The registry.
    """

    public_settings: PublicSettings
    database: Database
