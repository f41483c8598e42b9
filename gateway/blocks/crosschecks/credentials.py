"""What must agree between credential entries: one entry for each group, one for each path, and bases that exist."""

from collections.abc import Iterable, Iterator

from gateway.blocks.faults import SettingsFault
from gateway.blocks.written import UNKNOWN, RawNode

EVERYONE = "*"


def check_credentials(settings: RawNode) -> Iterator[SettingsFault]:
    """Every fault between the entries of `sagemaker-credentials`."""
    block = settings["sagemaker-credentials"]
    stored = [entry["group"] for entry in block["storedCredentials"].items()]
    paths = [entry["path"] for entry in block["eksServiceAccountCredentials"].items()]
    served = [group for entry in block["eksServiceAccountCredentials"].items() for group in entry["groups"].items()]
    assumed = block["assumeRoleByGroup"].items()
    groups = [group for group in served if group.value != EVERYONE]
    yield from _duplicates([*stored, *groups, *(entry["group"] for entry in assumed)], "group")
    yield from _duplicates(paths, "path")
    yield from _check_everyone(block)
    for entry in assumed:
        yield from _check_base(entry["base"], paths, stored)


def _duplicates(places: Iterable[RawNode], noun: str) -> Iterator[SettingsFault]:
    """A fault for each place that says what an earlier one says."""
    first: dict[str, RawNode] = {}
    for place in places:
        said = place.text()
        if said is not None and first.setdefault(said, place) is not place:
            remedy = f"a {noun} stands in one entry only, so take one of the two out"
            yield SettingsFault(place.key, f"is the same {noun} as {first[said].key}; {remedy}")


def _check_everyone(block: RawNode) -> Iterator[SettingsFault]:
    """`*` stands alone in its list, and in one entry only."""
    first: RawNode | None = None
    for entry in block["eksServiceAccountCredentials"].items():
        groups = entry["groups"]
        if all(group.value != EVERYONE for group in groups.items()):
            continue
        if len(groups.items()) > 1:
            yield SettingsFault(groups.key, 'has "*" beside other groups; write ["*"] alone, or name the groups')
        if first is not None:
            yield SettingsFault(groups.key, f'has "*", and so has {first.key}; only one entry serves everyone')
        first = first or groups


def _check_base(base: RawNode, paths: list[RawNode], stored: list[RawNode]) -> Iterator[SettingsFault]:
    """A base names one thing, and that one exists."""
    if not isinstance(base.value, dict):
        return
    if not base.value or (base["path"].is_present and base["group"].is_present):
        yield SettingsFault(base.key, "names not exactly one base; write {path: …} or {group: …}")
    if not _exists(base["path"], paths):
        yield SettingsFault(
            base["path"].key, "no eksServiceAccountCredentials entry has this path; give it the path of one"
        )
    if not _exists(base["group"], stored):
        yield SettingsFault(base["group"].key, "no storedCredentials entry has this group; give it the group of one")


def _exists(name: RawNode, candidates: list[RawNode]) -> bool:
    """Whether one of them is named so; also where it cannot be told, for that has a fault of its own."""
    said = name.text()
    return said is None or any(place.value is UNKNOWN or place.text() == said for place in candidates)
