"""What must agree between credential entries: one entry for each group, one for each path, and bases that exist."""

from collections.abc import Iterable, Iterator

from gateway.blocks.faults import Fault
from gateway.blocks.written import UNKNOWN, Written

EVERYONE = "*"


def check(settings: Written) -> Iterator[Fault]:
    """Every fault between the entries of `sagemaker-credentials`."""
    block = settings["sagemaker-credentials"]
    stored = [entry["group"] for entry in block["storedCredentials"].items()]
    paths = [entry["path"] for entry in block["eksServiceAccountCredentials"].items()]
    served = [group for entry in block["eksServiceAccountCredentials"].items() for group in entry["groups"].items()]
    assumed = block["assumeRoleByGroup"].items()
    groups = [group for group in served if group.value != EVERYONE]
    yield from _once([*stored, *groups, *(entry["group"] for entry in assumed)], "group")
    yield from _once(paths, "path")
    yield from _everyone(block)
    for entry in assumed:
        yield from _base(entry["base"], paths, stored)


def _once(places: Iterable[Written], what: str) -> Iterator[Fault]:
    """A fault for each place that says what an earlier one says."""
    first: dict[str, Written] = {}
    for place in places:
        said = place.text()
        if said is not None and first.setdefault(said, place) is not place:
            remedy = f"a {what} stands in one entry only, so take one of the two out"
            yield Fault(place.key, f"is the same {what} as {first[said].key}; {remedy}")


def _everyone(block: Written) -> Iterator[Fault]:
    """`*` stands alone in its list, and in one entry only."""
    first: Written | None = None
    for entry in block["eksServiceAccountCredentials"].items():
        groups = entry["groups"]
        if all(group.value != EVERYONE for group in groups.items()):
            continue
        if len(groups.items()) > 1:
            yield Fault(groups.key, 'has "*" beside other groups; write ["*"] alone, or name the groups')
        if first is not None:
            yield Fault(groups.key, f'has "*", and so has {first.key}; only one entry serves everyone')
        first = first or groups


def _base(base: Written, paths: list[Written], stored: list[Written]) -> Iterator[Fault]:
    """A base names one thing, and that one exists."""
    if not isinstance(base.value, dict):
        return
    if not base.value or (base["path"].is_given and base["group"].is_given):
        yield Fault(base.key, "names not exactly one base; write {path: …} or {group: …}")
    if not _exists(base["path"], paths):
        yield Fault(base["path"].key, "no eksServiceAccountCredentials entry has this path; give it the path of one")
    if not _exists(base["group"], stored):
        yield Fault(base["group"].key, "no storedCredentials entry has this group; give it the group of one")


def _exists(name: Written, candidates: list[Written]) -> bool:
    """Whether one of them is named so; also where it cannot be told, for that has a fault of its own."""
    said = name.text()
    return said is None or any(place.value is UNKNOWN or place.text() == said for place in candidates)
