"""What an import finds of a model and of what belongs to it, held against what is known of it already."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aws.errors import AccessDeniedError, AWSError, ThrottledError
from aws.inventory.reader import Reader
from aws.inventory.shelves import Described
from aws.kinds import SPELLING, Kind
from aws.relatives import Gap, Heard, Relatives, nobody, relatives_of
from aws.resources import AnyResource, Model, Runtime, Snapshot, Tag
from registry.journal import ImportChange, ImportProblem
from registry.records import ImportedElement
from registry.words import ElementChange, ElementKind
from workflows.imports.copies import Copy, copy_of, digest_of, kind_of, tags_of

Identity = tuple[ElementKind, str, datetime]
"""What tells an element from others: its kind, ARN and time of creation, because names are reused."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """An element that was seen.

    Attributes:
        kind: Its kind.
        name: Its name.
        arn: Its ARN.
        created_at: When it was created.
        match: The name of the reason for which a job belongs to the model; None for what is no job.
        copy: What the registry keeps of it.
    """

    kind: ElementKind
    name: str
    arn: str
    created_at: datetime
    match: str | None
    copy: Copy

    @property
    def identity(self) -> Identity:
        """See Identity."""
        return self.kind, self.arn, self.created_at


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found.

    Attributes:
        sightings: Every element that was seen, the model first.
        changes: What each means, held against what was known; what has vanished is among them.
        vanished: Those that were known and are gone.
        problems: What could not be seen.
    """

    sightings: tuple[Sighting, ...]
    changes: tuple[ImportChange, ...]
    vanished: tuple[ImportedElement, ...]
    problems: tuple[ImportProblem, ...]


async def find(
    reader: Reader, model: Model, known: Sequence[ImportedElement] = (), heard: Heard = nobody
) -> Findings:
    """Looks at a model and all that belongs to it.

    What is refused leaves a problem, and nothing of it counts as vanished. What is known and was not found is asked
    for by name, so that only what AWS itself says is gone has vanished.

    Args:
        reader: The scope to read.
        model: The model, with its detail.
        known: What the registry has of it, of this registration.
        heard: Told of each kind that has been looked through.
    """
    relatives = await relatives_of(reader, model, heard)
    before = {(each.kind, each.arn, each.created_at): each for each in known}
    tags = await _tags(reader, relatives)
    sightings = _sightings(relatives, tags, before)
    seen = {each.identity for each in sightings}
    missed = [each for name, each in before.items() if each.vanished_at is None and name not in seen]
    vanished = await _gone(reader, model, missed)
    changes = [_change(each, before.get(each.identity)) for each in sightings]
    changes += [ImportChange(each.kind, each.name, each.arn, ElementChange.VANISHED, each.match) for each in vanished]
    return Findings(sightings, tuple(changes), vanished, tuple(_problem(gap) for gap in relatives.gaps))


def _sightings(
    relatives: Relatives, tags: Mapping[str, tuple[Tag, ...] | None], before: Mapping[Identity, ImportedElement]
) -> tuple[Sighting, ...]:
    pairs = [(relatives.model, None), *((each.resource, each.match) for each in relatives.found)]
    return tuple(
        _sighting(resource, None if match is None else match.name, tags.get(resource.arn), before)
        for resource, match in pairs
    )


def _sighting(
    resource: AnyResource,
    match: str | None,
    tags: tuple[Tag, ...] | None,
    before: Mapping[Identity, ImportedElement],
) -> Sighting:
    """Tags that could not be read now are kept as they were, so that they do not come and go with a permission."""
    created_at = resource.creation_time or resource.as_of
    kind = kind_of(resource)
    seen = before.get((kind, resource.arn, created_at))
    kept = tags_of(seen.stored) if tags is None and seen is not None else tags
    return Sighting(kind, resource.name, resource.arn, created_at, match, copy_of(resource, kept))


async def _tags(reader: Reader, relatives: Relatives) -> Mapping[str, tuple[Tag, ...] | None]:
    """The tags of what has few of its kind. Jobs go without: where each costs a call, thousands of them would."""
    resources = [relatives.model, *(each.resource for each in relatives.found)]
    arns = [each.arn for each in resources if isinstance(each, Model | Snapshot | Runtime)]
    found = await reader.tags(arns)
    return {arn: None if isinstance(labels, AWSError) else labels for arn, labels in found.items()}


async def _gone(reader: Reader, model: Model, missed: Sequence[ImportedElement]) -> tuple[ImportedElement, ...]:
    """Those of the missed that AWS says are gone, were made anew, or no longer belong to the model."""
    by_kind: dict[Kind, list[ImportedElement]] = defaultdict(list)
    for element in missed:
        by_kind[Kind[element.kind.name]].append(element)
    gone: list[ImportedElement] = []
    for kind, elements in by_kind.items():
        found = await reader.anew().describe(kind, {element.name for element in elements})
        gone += [each for each in elements if await _has_gone(reader, model, each, found[each.name])]
    return tuple(gone)


async def _has_gone(reader: Reader, model: Model, element: ImportedElement, what: Described) -> bool:
    if isinstance(what, AWSError):
        return False
    if what is None or (what.creation_time or element.created_at) != element.created_at:
        return True
    if not isinstance(what, Runtime) or what.detail is None or what.detail.snapshot_name is None:
        return False
    # A runtime may have been moved to a snapshot of other models; of one that cannot be read nobody can tell.
    serves = (await reader.describe(Kind.SNAPSHOT, [what.detail.snapshot_name]))[what.detail.snapshot_name]
    return isinstance(serves, Snapshot) and serves.detail is not None and model.name not in serves.detail.model_names


def _change(sighting: Sighting, before: ImportedElement | None) -> ImportChange:
    if before is None or before.vanished_at is not None:
        change = ElementChange.ADDED
    else:
        same = digest_of(before.stored) == sighting.copy.digest and before.match == sighting.match
        change = ElementChange.UNCHANGED if same else ElementChange.CHANGED
    return ImportChange(sighting.kind, sighting.name, sighting.arn, change, sighting.match)


def _problem(gap: Gap) -> ImportProblem:
    kind, noun = ElementKind[gap.kind.name], SPELLING[gap.kind].noun
    if gap.reason is None:
        message = f"There are more {noun}s than may be looked through at once (`limits.scan`); older ones are left out."
        return ImportProblem(kind, message, "LIMIT_EXCEEDED", 1)
    return ImportProblem(kind, str(gap.reason), code_of(gap.reason), max(1, len(gap.names)))


def code_of(error: AWSError) -> str:
    """The contract's word for why AWS did not answer."""
    if isinstance(error, AccessDeniedError):
        return "FORBIDDEN"
    return "THROTTLED" if isinstance(error, ThrottledError) else "UPSTREAM_UNAVAILABLE"

