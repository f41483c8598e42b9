"""What can be wrong with the registry, or with what it is asked to keep; SQLAlchemy's own exceptions end here."""


class RegistryError(Exception):
    """Any failure of the registry. The message is safe to show: it holds no password and nothing of what is kept."""


class RegistryUnavailableError(RegistryError):
    """The database cannot be reached, is locked, or broke off; the same may well work a little later."""


class SchemaVersionError(RegistryError):
    """The database's tables are not those of this version of the gateway; the message names the remedy."""


class SchemaBehindError(SchemaVersionError):
    """The database is not there, is empty, or has the tables of an earlier version."""


class SchemaAheadError(SchemaVersionError):
    """The database has tables of a version that this gateway does not know."""


class RegistryConflictError(RegistryError):
    """Somebody else changed or removed, at the same time, what this was about."""


class UnstorableTextError(RegistryError):
    """A text holds what no database keeps: a NUL, or half of a surrogate pair."""


class MetadataError(RegistryError):
    """Custom metadata is no JSON object, or larger or deeper than the registry keeps; the message names the limit."""
