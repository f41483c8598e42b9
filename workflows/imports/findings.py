"""What an import finds of a model and of what belongs to it, held against what is known of it already."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aws.errors import PASSING, AccessDeniedError, AWSError, ThrottledError
from aws.inventory.reader import Reader
from aws.inventory.shelves import Described
from aws.kinds import SPELLING, Kind
from aws.relatives import Gap, Heard, Relatives, nobody, relatives_of
from aws.resources import Model, Runtime, Snapshot, Tag
from registry.elements import KnownElement, SeenElement, digest_of
from registry.journal import ImportChange, ImportProblem
from registry.words import ElementChange, ElementKind
from workflows.imports.copies import copy_of, kind_of
from workflows.imports.looks import Target

Identity = tuple[ElementKind, str, datetime]
"""What tells an element from others: its kind, ARN and time of creation, because names are reused."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found.

    Attributes:
        seen: Every element that was seen, the model first.
        changes: What each means, held against what was known; what has vanished is among them.
        vanished: Those that were known and are gone.
        problems: What could not be seen.
        passing: What AWS did not answer now and may well answer later; it is among the problems too.
    """

    seen: tuple[SeenElement, ...]
    changes: tuple[ImportChange, ...]
    vanished: tuple[KnownElement, ...]
    problems: tuple[ImportProblem, ...]
    passing: AWSError | None = None


async def find(reader: Reader, target: Target, known: Sequence[KnownElement] = (), heard: Heard = nobody) -> Findings:
    """Looks at a model and all that belongs to it.

    What is refused leaves a problem, and nothing of it counts as vanished. What is known and was not found is asked
    for by name, so that only what AWS itself says is gone has vanished.

    Args:
        reader: The scope to read.
        target: The model.
        known: What the registry has of it, of this registration.
        heard: Told of each kind that has been looked through.
    """
    relatives = await relatives_of(reader, target.model, heard)
    before = {(each.kind, each.arn, each.created_at): each for each in known}
    seen = _belonging(target, _seen(relatives, await _tags(reader, relatives)), before)
    now = {_identity(each) for each in seen}
    missed = [each for identity, each in before.items() if identity not in now and not each.vanished]
    vanished = await _gone(reader, target.model, [each for each in missed if not _is_hidden(each, relatives.gaps)])
    changes = [_change(each, before.get(_identity(each))) for each in seen]
    changes += [ImportChange(each.kind, each.name, each.arn, ElementChange.VANISHED, each.match) for each in vanished]
    passing = next((gap.reason for gap in relatives.gaps if isinstance(gap.reason, PASSING)), None)
    return Findings(seen, tuple(changes), vanished, tuple(_problem(gap) for gap in relatives.gaps), passing)


def _belonging(
    target: Target, seen: Sequence[SeenElement], before: Mapping[Identity, KnownElement]
) -> tuple[SeenElement, ...]:
    """What belongs to this model, and not to another one that has its name now: of that one nothing is taken up."""
    if target.is_there:
        return tuple(seen)
    return tuple(each for each in seen[1:] if not target.is_replaced or _identity(each) in before)


def _is_hidden(element: KnownElement, gaps: Sequence[Gap]) -> bool:
    """Whether it may be there although it was not found: what was not looked at is not asked for one by one."""
    return any(gap.kind.name == element.kind.name and gap.hides(element.created_at) for gap in gaps)


def _identity(element: SeenElement) -> Identity:
    return element.kind, element.arn, element.created_at


def _seen(relatives: Relatives, tags: Mapping[str, tuple[Tag, ...] | None]) -> tuple[SeenElement, ...]:
    pairs = [(relatives.model, None), *((each.resource, each.match) for each in relatives.found)]
    return tuple(
        SeenElement(
            kind=kind_of(resource),
            name=resource.name,
            arn=resource.arn,
            created_at=resource.creation_time or resource.as_of,
            match=None if match is None else match.name,
            stored=copy_of(resource, tags.get(resource.arn)),
        )
        for resource, match in pairs
    )


async def _tags(reader: Reader, relatives: Relatives) -> Mapping[str, tuple[Tag, ...] | None]:
    """The tags of what has few of its kind. Jobs go without: where each costs a call, thousands of them would."""
    resources = [relatives.model, *(each.resource for each in relatives.found)]
    arns = [each.arn for each in resources if isinstance(each, Model | Snapshot | Runtime)]
    found = await reader.tags(arns)
    return {arn: None if isinstance(labels, AWSError) else labels for arn, labels in found.items()}


async def _gone(reader: Reader, model: Model, missed: Sequence[KnownElement]) -> tuple[KnownElement, ...]:
    """Those of the missed that AWS says are gone, were made anew, or no longer belong to the model."""
    by_kind: dict[Kind, list[KnownElement]] = defaultdict(list)
    for element in missed:
        by_kind[Kind[element.kind.name]].append(element)
    gone: list[KnownElement] = []
    for kind, elements in by_kind.items():
        found = await reader.anew().describe(kind, {element.name for element in elements})
        gone += [each for each in elements if await _has_gone(reader, model, each, found[each.name])]
    return tuple(gone)


async def _has_gone(reader: Reader, model: Model, element: KnownElement, what: Described) -> bool:
    if isinstance(what, AWSError):
        return False
    if what is None or (what.creation_time or element.created_at) != element.created_at:
        return True
    if not isinstance(what, Runtime) or what.detail is None or what.detail.snapshot_name is None:
        return False
    # A runtime may have been moved to a snapshot of other models; of one that cannot be read nobody can tell.
    serves = (await reader.describe(Kind.SNAPSHOT, [what.detail.snapshot_name]))[what.detail.snapshot_name]
    return isinstance(serves, Snapshot) and serves.detail is not None and model.name not in serves.detail.model_names


def _change(seen: SeenElement, before: KnownElement | None) -> ImportChange:
    if before is None or before.vanished:
        change = ElementChange.ADDED
    else:
        same = before.digest == digest_of(seen.stored) and before.match == seen.match
        change = ElementChange.UNCHANGED if same else ElementChange.CHANGED
    return ImportChange(seen.kind, seen.name, seen.arn, change, seen.match)


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
