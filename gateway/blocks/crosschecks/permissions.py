"""What must agree about permissions: one entry for each group, and `over` only groups that the settings know."""

from collections.abc import Iterator

from gateway.blocks.crosschecks.credentials import EVERYONE
from gateway.blocks.faults import SettingsFault
from gateway.blocks.identity import IdentitySettings
from gateway.blocks.written import UNKNOWN, RawNode


def check_permissions(settings: RawNode) -> Iterator[SettingsFault]:
    """Every fault between the entries of `permissions`."""
    entries = settings["permissions"].items()
    yield from _check_unique_groups([entry["group"] for entry in entries])
    yield from _check_separator(settings)
    known = _groups_with_credentials(settings) + [entry["group"] for entry in entries]
    if any(place.value is UNKNOWN or place.value == EVERYONE for place in _groups_with_credentials(settings)):
        return  # Any group may exist, or which ones do cannot be told.
    names = {place.text() for place in known}
    for entry in entries:
        for place in entry["over"].items():
            if place.text() not in {None, EVERYONE, *names}:
                yield SettingsFault(
                    place.key, "no entry of the settings has this group; give it the name of one that has"
                )


def _check_unique_groups(places: list[RawNode]) -> Iterator[SettingsFault]:
    first: dict[str, RawNode] = {}
    for place in places:
        group = place.text()
        if group is not None and first.setdefault(group, place) is not place:
            yield SettingsFault(place.key, f"is the same group as {first[group].key}; write one entry for it")


def _check_separator(settings: RawNode) -> Iterator[SettingsFault]:
    """A group with the separator in its name would arrive as two, and nobody would ever be in it."""
    if settings["identity"]["mode"].text("headers") != "headers":
        return  # A token may have its groups as a list.
    separator = settings["identity"]["groupsSeparator"].text(
        str(IdentitySettings.model_fields["groups_separator"].default)
    )
    entries = settings["permissions"].items()
    for place in [*_groups_with_credentials(settings), *(entry["group"] for entry in entries)]:
        if separator and separator in (place.text() or ""):
            yield SettingsFault(place.key, "holds identity.groupsSeparator, which no group can; change one of the two")


def _groups_with_credentials(settings: RawNode) -> list[RawNode]:
    """Every place that names a group under `sagemaker-credentials`."""
    credentials = settings["sagemaker-credentials"]
    eks = credentials["eksServiceAccountCredentials"].items()
    places = [entry["group"] for entry in credentials["storedCredentials"].items()]
    places += [entry["group"] for entry in credentials["assumeRoleByGroup"].items()]
    return places + [group for entry in eks for group in entry["groups"].items()]
