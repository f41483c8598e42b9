"""Permissions of the contract, and the grants that the settings list."""

from collections.abc import Collection
from enum import Enum
from typing import Final, Protocol

EVERYONE: Final = "*"


class Permission(Enum):
    """A right that a group may have; the names are those in the schema."""

    READ = "READ"
    IMPORT = "IMPORT"
    CREATE_JOBS = "CREATE_JOBS"
    DEPLOY = "DEPLOY"
    DEPLOY_WITHOUT_APPROVAL = "DEPLOY_WITHOUT_APPROVAL"
    APPROVE = "APPROVE"
    SEE_SECRETS = "SEE_SECRETS"
    ENTER_CREDENTIALS = "ENTER_CREDENTIALS"
    AUDIT = "AUDIT"


class Grant(Protocol):
    """One entry under `permissions` in the settings."""

    @property
    def group(self) -> str:
        """The group, or `*` for every authenticated caller."""

    @property
    def allow(self) -> Collection[Permission]:
        """The permissions of the group."""

    @property
    def over(self) -> tuple[str, ...]:
        """Further groups whose registrations and deployments the group sees and decides for."""

    @property
    def instance_types(self) -> Collection[str] | None:
        """The instance types that the group may start; None means any."""

    @property
    def max_instances(self) -> int | None:
        """The most instances that the group may ask for at once; None means any number."""
