"""The `permissions` and `enterCredentials` settings, and the checks between the entries."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from auth.permissions import Permission
from gateway.settings.credentials import EVERYONE, ServedGroup
from gateway.settings.document import UNKNOWN, RawNode
from gateway.settings.errors import SettingsFault
from gateway.settings.identity import IdentitySettings
from gateway.settings.model import SettingsModel, ValueType
from gateway.settings.values import Group, InstanceType, Omittable, Positive, Switch

ALL_PERMISSIONS = ", ".join(permission.value for permission in Permission)
PermissionName = Annotated[Permission, ValueType(f"one of {ALL_PERMISSIONS}", Permission)]


class EnterCredentialsSettings(SettingsModel):
    """`enterCredentials`: credentials that come with an import.

    Attributes:
        enabled: Whether `importModel` takes `credentials`, from callers with ENTER_CREDENTIALS and IMPORT. They serve
            that request alone and are stored nowhere. Such an import starts no deployments, and later syncs use the
            group's role.
    """

    enabled: Switch = False


class GroupPermissions(SettingsModel):
    """`permissions`: the permissions of each group.

    Satisfies the protocol `auth.permissions.Grant`.

    Attributes:
        group: The group, or `"*"` for every authenticated caller.
        allow: Any of READ, IMPORT, CREATE_JOBS, DEPLOY, DEPLOY_WITHOUT_APPROVAL, APPROVE, SEE_SECRETS,
            ENTER_CREDENTIALS, AUDIT.
        over: Further groups whose registrations and deployments the group sees and decides about. Each must be a group
            that the settings name elsewhere, unless `["*"]` credentials let any group exist.
        instance_types: The instance types that the group may start. Without it: any. The types of `"*"` hold for every
            group besides.
        max_instances: The most instances of one job, snapshot or runtime of the group. A variant that SageMaker scales
            counts with its maximum. Without it: any number. The limit of `"*"` holds besides.
    """

    group: ServedGroup
    allow: tuple[PermissionName, ...]
    over: tuple[Group, ...] = ()
    instance_types: Omittable[tuple[InstanceType, ...]] = None
    max_instances: Omittable[Positive] = None


def check_permissions(settings: RawNode) -> Iterator[SettingsFault]:
    """Yield the faults between the settings of `permissions`."""
    entries = settings["permissions"].items()
    yield from _check_unique_groups([entry["group"] for entry in entries])
    yield from _check_separator(settings)
    yield from unknown_groups(settings, (place for entry in entries for place in entry["over"].items()))


def unknown_groups(settings: RawNode, places: Iterable[RawNode]) -> Iterator[SettingsFault]:
    """Yield a fault for each place that names a group which no entry of the settings has."""
    known = _groups_with_credentials(settings) + [entry["group"] for entry in settings["permissions"].items()]
    if any(place.value is UNKNOWN or place.value == EVERYONE for place in _groups_with_credentials(settings)):
        return  # Any group may exist, or the groups are not known.
    names = {place.text() for place in known}
    for place in places:
        if place.text() not in {None, EVERYONE, *names}:
            yield SettingsFault(place.key, "no entry of the settings has this group; give it the name of one that has")


def _check_unique_groups(places: list[RawNode]) -> Iterator[SettingsFault]:
    first: dict[str, RawNode] = {}
    for place in places:
        group = place.text()
        if group is not None and first.setdefault(group, place) is not place:
            yield SettingsFault(place.key, f"is the same group as {first[group].key}; write one entry for it")


def _check_separator(settings: RawNode) -> Iterator[SettingsFault]:
    """Yield a fault for each group with the separator in its name: it would arrive as two groups."""
    if settings["identity"]["mode"].text("headers") != "headers":
        return  # A token may have its groups as a list.
    separator = settings["identity"]["groupsSeparator"].text(
        str(IdentitySettings.model_fields["groups_separator"].default)
    )
    entries = settings["permissions"].items()
    for place in [*_groups_with_credentials(settings), *(entry["group"] for entry in entries)]:
        if separator and separator in (place.text() or ""):
            yield SettingsFault(
                place.key, "holds identity.groupsSeparator, which splits the name; change one of the two"
            )


def _groups_with_credentials(settings: RawNode) -> list[RawNode]:
    """List the places that name a group under `sagemaker-credentials`."""
    credentials = settings["sagemaker-credentials"]
    eks = credentials["eksServiceAccountCredentials"].items()
    places = [entry["group"] for entry in credentials["storedCredentials"].items()]
    places += [entry["group"] for entry in credentials["assumeRoleByGroup"].items()]
    return places + [group for entry in eks for group in entry["groups"].items()]
