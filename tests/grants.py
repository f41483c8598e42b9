"""A grant for tests of what lies below the settings."""

from dataclasses import dataclass

from auth.permissions import Permission


@dataclass(frozen=True, slots=True)
class Grant:
    """An `auth.permissions.Grant`."""

    group: str
    allow: frozenset[Permission]
    over: tuple[str, ...] = ()
    instance_types: frozenset[str] | None = None
    max_instances: int | None = None
