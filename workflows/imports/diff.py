"""Diff of a model and its related resources against the registry."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aws.client.errors import TRANSIENT_ERRORS, AccessDeniedError, AWSError, ThrottledError
from aws.inventory.describe_cache import Described
from aws.inventory.reader import Reader
from aws.kinds.catalog import API_NAMES
from aws.kinds.inference_components import InferenceComponent
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot
from aws.links.component_models import served_models, with_bases
from aws.links.hosted_models import hosted_models
from aws.links.related_resources import ProgressCallback, RelatedResources, find_related, ignore_progress
from aws.links.relations import Gap
from registry.elements import KnownElement, SeenElement
from registry.enums import LATER_ELEMENT_KINDS, ElementChange, ElementKind
from registry.records import ImportChange, ImportProblem
from registry.stored_digests import stored_digest
from workflows.element_tracking import MatchedResource, seen_elements
from workflows.imports.target import ImportTarget

ElementKey = tuple[ElementKind, str, datetime]
"""The identity of an element: kind, ARN and time of creation, because names are reused."""


@dataclass(frozen=True, slots=True)
class ImportDiff:
    """The outcome of comparing a model with its registration.

    Attributes:
        seen: Every element that was seen, the model first.
        changes: The change of each element against its last known state; vanished ones are among them.
        vanished: The elements that were known and are gone.
        problems: The reasons why some elements could not be seen.
        transient_error: A failure that AWS may well heal later; it is among the problems too.
    """

    seen: tuple[SeenElement, ...]
    changes: tuple[ImportChange, ...]
    vanished: tuple[KnownElement, ...]
    problems: tuple[ImportProblem, ...]
    transient_error: AWSError | None = None


async def diff_model(
    reader: Reader,
    target: ImportTarget,
    known: Sequence[KnownElement] = (),
    on_progress: ProgressCallback = ignore_progress,
) -> ImportDiff:
    """Read a model and all that belongs to it, and compare it with the known elements.

    A refusal leaves a problem, and no element that it hides counts as vanished. A known element that is missing is
    asked for by name, so that only one that AWS itself calls gone has vanished.

    Args:
        reader: The reader of the scope.
        target: The model.
        known: The elements that its registration has.
        on_progress: Hears of each kind that has been looked through.
    """
    relatives = await find_related(reader, target.model, on_progress)
    before = {(element.kind, element.arn, element.created_at): element for element in known}
    seen = _own_elements(target, await seen_elements(reader, _matched(relatives)), before)
    now = {_element_key(item) for item in seen}
    missed = [member for identity, member in before.items() if identity not in now and not member.vanished]
    vanished = await _vanished(
        reader, target.model, [element for element in missed if not _is_hidden(element, relatives.gaps)]
    )
    changes = [_change(element, before.get(_element_key(element))) for element in seen]
    changes += [
        ImportChange(element.kind, element.name, element.arn, ElementChange.VANISHED, element.match)
        for element in vanished
    ]
    passing = next((gap.reason for gap in relatives.gaps if isinstance(gap.reason, TRANSIENT_ERRORS)), None)
    problems = dict.fromkeys(_problem(gap) for gap in relatives.gaps if gap.kind is not Kind.INFERENCE_COMPONENT)
    return ImportDiff(seen, tuple(changes), vanished, tuple(problems), passing)


def _own_elements(
    target: ImportTarget, seen: Sequence[SeenElement], known: Mapping[ElementKey, KnownElement]
) -> tuple[SeenElement, ...]:
    """The elements of this model. If another model has its name now, none of that one's is taken up."""
    if target.exists:
        return tuple(seen)
    return tuple(element for element in seen[1:] if not target.is_replaced or _element_key(element) in known)


def _is_hidden(element: KnownElement, gaps: Sequence[Gap]) -> bool:
    """Tell whether an element that was not seen may still be there, because a gap hides it."""
    return any(gap.kind.name == element.kind.name and gap.hides(element.created_at) for gap in gaps)


def _element_key(element: SeenElement) -> ElementKey:
    return element.kind, element.arn, element.created_at


def _matched(relatives: RelatedResources) -> Sequence[MatchedResource]:
    return [(relatives.model, None), *((resource.resource, resource.match) for resource in relatives.related)]


async def _vanished(reader: Reader, model: Model, missed: Sequence[KnownElement]) -> tuple[KnownElement, ...]:
    """The missed elements that are gone, were made anew, or no longer belong to the model, as AWS says."""
    by_kind: dict[Kind, list[KnownElement]] = defaultdict(list)
    for element in missed:
        by_kind[Kind[element.kind.name]].append(element)
    gone: list[KnownElement] = []
    for kind, elements in by_kind.items():
        resources = await reader.fresh().describe(kind, {element.name for element in elements})
        gone += [item for item in elements if await _has_vanished(reader, model, item, resources[item.name])]
    return tuple(gone)


async def _has_vanished(reader: Reader, model: Model, element: KnownElement, described: Described) -> bool:
    if isinstance(described, AWSError):
        return False
    if described is None or (described.creation_time or element.created_at) != element.created_at:
        return True
    if isinstance(described, InferenceComponent):
        return await _serves_others(reader, model, described)
    if not isinstance(described, Runtime) or described.detail is None or described.detail.snapshot_name is None:
        return False
    # A runtime may have been moved to a snapshot of other models; if that cannot be read, nobody can tell.
    snapshots = await reader.describe(Kind.SNAPSHOT, [described.detail.snapshot_name])
    serves = snapshots[described.detail.snapshot_name]
    if not isinstance(serves, Snapshot) or serves.detail is None or model.name in serves.detail.model_names:
        return False
    hosted = await hosted_models(reader, [described], snapshots)
    return not hosted.unknown and model.name not in hosted.of(described.name)


async def _serves_others(reader: Reader, model: Model, component: InferenceComponent) -> bool:
    """Tell whether a component serves other models now; False if they are unknown."""
    models = served_models(component.name, await with_bases(reader, [component]))
    return isinstance(models, tuple) and model.name not in models


def _change(seen: SeenElement, known: KnownElement | None) -> ImportChange:
    if known is None or known.vanished:
        change = ElementChange.ADDED
    else:
        same = known.digest == stored_digest(seen.stored) and known.match == seen.match
        change = ElementChange.UNCHANGED if same else ElementChange.CHANGED
    return ImportChange(seen.kind, seen.name, seen.arn, change, seen.match)


def _problem(gap: Gap) -> ImportProblem:
    kind, noun = _told_kind(gap), API_NAMES[gap.kind].noun
    if gap.reason is None:
        message = f"There are more {noun}s than one import looks through (`limits.scan`); older ones were left out."
        return ImportProblem(kind, message, "LIMIT_EXCEEDED", 1)
    return ImportProblem(kind, str(gap.reason), code_of(gap.reason), max(1, len(gap.names)))


def _told_kind(gap: Gap) -> ElementKind:
    """The kind under which a gap is shown: gateways of 0.2.0, which may share the database, read no later ones.

    Elements of the later kinds are known by the training jobs.
    """
    kind = ElementKind[gap.kind.name]
    return ElementKind.TRAINING_JOB if kind in LATER_ELEMENT_KINDS else kind


def code_of(error: AWSError) -> str:
    """The contract's error code for an error of AWS."""
    if isinstance(error, AccessDeniedError):
        return "FORBIDDEN"
    return "THROTTLED" if isinstance(error, ThrottledError) else "UPSTREAM_UNAVAILABLE"
