"""The `permissions` and `enterCredentials` blocks: what each group may do; what is not written is not allowed."""

from typing import Annotated

from auth.permissions import Grant, Permission
from gateway.blocks.block import SettingsModel
from gateway.blocks.values import Group, GroupOrEveryone, InstanceType, Omittable, Positive, Switch, ValueType

ALL_PERMISSIONS = ", ".join(permission.value for permission in Permission)
PermissionName = Annotated[Permission, ValueType(f"one of {ALL_PERMISSIONS}", Permission)]


class EnterCredentialsSettings(SettingsModel):
    """`enterCredentials`: credentials given with an import.

    Attributes:
        enabled: Whether they are accepted at all, from callers with ENTER_CREDENTIALS.
    """

    enabled: Switch = False


class GroupPermissions(SettingsModel):
    """An item of `permissions`.

    Attributes:
        group: The group, or `*` for every authenticated caller.
        allow: What it may do.
        over: Further groups whose registrations and deployments it sees and decides for.
        instance_types: The instance types that it may start; left out: any.
        max_instances: The most instances that it may ask for at once; left out: any number.
    """

    group: GroupOrEveryone
    allow: tuple[PermissionName, ...]
    over: tuple[Group, ...] = ()
    instance_types: Omittable[tuple[InstanceType, ...]] = None
    max_instances: Omittable[Positive] = None

    def grant(self) -> Grant:
        """The grant as auth knows it."""
        return Grant(
            group=self.group,
            allow=frozenset(self.allow),
            over=self.over,
            instance_types=None if self.instance_types is None else frozenset(self.instance_types),
            max_instances=self.max_instances,
        )
