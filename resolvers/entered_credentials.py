"""AWS keys entered for one request."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class EnteredCredentials:
    """AWS keys that are used for one request and known to nothing that outlives it.

    Attributes:
        access_key_id: The keys' id.
        secret_access_key: The keys' secret.
        session_token: The token of temporary keys; None for those of a user.
        region: The region, if the import names none.
    """

    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    region: str | None = None
