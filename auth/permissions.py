"""Permissions of the contract, and the grants that the settings list."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

EVERYONE: Final = "*"


class Permission(Enum):
    """One thing that a group may be allowed to do; the names are the contract's."""

    READ = "READ"
    IMPORT = "IMPORT"
    CREATE_JOBS = "CREATE_JOBS"
    DEPLOY = "DEPLOY"
    DEPLOY_WITHOUT_APPROVAL = "DEPLOY_WITHOUT_APPROVAL"
    APPROVE = "APPROVE"
    SEE_SECRETS = "SEE_SECRETS"
    ENTER_CREDENTIALS = "ENTER_CREDENTIALS"
    AUDIT = "AUDIT"


@dataclass(frozen=True, slots=True)
class Grant:
    """One entry under `permissions` in the settings.

    Attributes:
        group: The group, or `*` for every authenticated caller.
        allow: What it may do.
        over: Further groups whose registrations and deployments it sees and decides for.
        instance_types: The instance types that it may start; None means any.
        max_instances: The most instances that it may ask for at once; None means any number.
    """

    group: str
    allow: frozenset[Permission]
    over: tuple[str, ...] = ()
    instance_types: frozenset[str] | None = None
    max_instances: int | None = None
