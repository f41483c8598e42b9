"""Check credential entries together: doubles, groups served twice, and bases that are not there."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from gateway.settings.credentials import EVERYONE
from gateway.settings.document import UNKNOWN, RawNode
from gateway.settings.errors import SettingsFault

_ACCESS_KEY_ID: Final = re.compile(r"(?:AKIA|ASIA)[A-Z0-9]{16}")


def check_credentials(settings: RawNode) -> Iterator[SettingsFault]:
    """Yield the faults between the entries of the settings' `sagemaker-credentials`."""
    block = settings["sagemaker-credentials"]
    stored = [entry["group"] for entry in block["storedCredentials"].items()]
    paths = [entry["path"] for entry in block["eksServiceAccountCredentials"].items()]
    served = [group for entry in block["eksServiceAccountCredentials"].items() for group in entry["groups"].items()]
    assumed = block["assumeRoleByGroup"].items()
    named = [*stored, *served, *(entry["group"] for entry in assumed)]
    yield from _duplicates([group for group in named if group.value != EVERYONE], "group")
    yield from _duplicates(paths, "path")
    yield from _check_everyone(block)
    yield from _check_swapped_keys(block)
    yield from _check_warm(settings["sagemaker"]["warm"], [place.text() for place in named])
    for entry in assumed:
        yield from _check_base(entry["base"], paths, stored)


def _duplicates(places: Iterable[RawNode], noun: str) -> Iterator[SettingsFault]:
    """Yield a fault for each place whose value an earlier place has."""
    first: dict[str, RawNode] = {}
    for place in places:
        text = place.text()
        if text is not None and first.setdefault(text, place) is not place:
            remedy = f"a {noun} stands in one entry only, so take one of the two out"
            yield SettingsFault(place.key, f"is the same {noun} as {first[text].key}; {remedy}")


def _check_everyone(block: RawNode) -> Iterator[SettingsFault]:
    """Yield a fault for a `*` beside other groups, and for each after the first."""
    first: RawNode | None = None
    for place in _places_serving_everyone(block):
        if len(place.items()) > 1:
            yield SettingsFault(place.key, 'has "*" beside other groups; write ["*"] alone, or name the groups')
        if first is not None:
            yield SettingsFault(place.key, f'has "*", and so has {first.key}; only one entry serves everyone')
        first = first or place


def _check_swapped_keys(block: RawNode) -> Iterator[SettingsFault]:
    """Yield a fault for an access key id in the place of a secret, whose secret would be printed as an id."""
    for entry in block["storedCredentials"].items():
        if _ACCESS_KEY_ID.fullmatch(entry["secretAccessKey"].text() or ""):
            remedy = "give it the secret that belongs to the id, and accessKeyId the id"
            yield SettingsFault(entry["secretAccessKey"].key, f"is the id of an access key; {remedy}")


def _check_warm(warm: RawNode, served: list[str | None]) -> Iterator[SettingsFault]:
    """Yield a fault for each group of `sagemaker.warm` without an entry."""
    for group in warm.items():
        if group.text() not in served:
            yield SettingsFault(
                group.key, "no entry of sagemaker-credentials has this group; name a group that has an entry"
            )


def _places_serving_everyone(block: RawNode) -> Iterator[RawNode]:
    for entry in [*block["storedCredentials"].items(), *block["assumeRoleByGroup"].items()]:
        if entry["group"].value == EVERYONE:
            yield entry["group"]
    for entry in block["eksServiceAccountCredentials"].items():
        if any(group.value == EVERYONE for group in entry["groups"].items()):
            yield entry["groups"]


def _check_base(base: RawNode, paths: list[RawNode], stored: list[RawNode]) -> Iterator[SettingsFault]:
    """Yield a fault for a base that does not name exactly one existing entry."""
    if not isinstance(base.value, dict):
        return
    if not base.value or (base["path"].is_present and base["group"].is_present):
        yield SettingsFault(base.key, "must name exactly one base; write {path: …} or {group: …}")
    if not _exists(base["path"], paths):
        yield SettingsFault(
            base["path"].key, "no eksServiceAccountCredentials entry has this path; give it the path of one"
        )
    if not _exists(base["group"], stored):
        yield SettingsFault(base["group"].key, "no storedCredentials entry has this group; give it the group of one")


def _exists(name: RawNode, candidates: list[RawNode]) -> bool:
    """Tell whether a candidate has this name; unknown names pass, since they have a fault of their own."""
    text = name.text()
    return text is None or any(place.value is UNKNOWN or place.text() == text for place in candidates)
