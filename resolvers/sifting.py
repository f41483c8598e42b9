"""The part of filters that a listing's row cannot answer: tags, what a thing names, and whether it was imported."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Literal, TypeVar

from aws.errors import AccessDeniedError, AWSError
from aws.inventory.shelves import Described
from aws.kinds import Kind
from aws.lineage import Footprint, footprints
from aws.relatives import snapshot_name
from aws.resources import AnyResource, Model, Snapshot, Tag, TrainingJob, TransformJob
from resolvers.filters import JobFilter, ModelFilter, ResourceFilter, RuntimeFilter, SnapshotFilter, TagFilter
from resolvers.imported_models import are_imported
from resolvers.lookups import checked_name, described
from resolvers.sights import Sight

# What is known of whether a row belongs: it does, it does not, or (None) the role may not read what would tell.
Verdict = bool | None
Fact = TypeVar("Fact")
Judge = Callable[[Sight, Sequence[AnyResource]], Awaitable[Sequence[Verdict]]]


async def sift(view: Sight, rows: Sequence[AnyResource], given: ResourceFilter) -> Sequence[Verdict]:
    """A verdict for each row that has already passed `row_matches`.

    Raises:
        BadInputError: A name in the filter is none that SageMaker gives.
        AWSError: What would tell could not be read, for another reason than access denied.
    """
    verdicts: list[Verdict] = [True] * len(rows)
    for judge in judges(given):
        asked = [index for index, verdict in enumerate(verdicts) if verdict]
        answers = await judge(view, [rows[index] for index in asked])
        for index, answer in zip(asked, answers, strict=True):
            verdicts[index] = answer
    return verdicts


def judges(given: ResourceFilter) -> Sequence[Judge]:
    """What the filter asks beyond rows; each costs calls for each row, so a filter without them is cheap."""
    found: list[Judge] = []
    match given:
        case ModelFilter(imported=bool(wanted)):
            found.append(_imported(wanted=wanted))
        case SnapshotFilter(model_name=str(name)):
            found.append(_snapshots_of_model(checked_name(Kind.MODEL, name)))
        case RuntimeFilter(snapshot_name=snapshot, model_name=model):
            found += [_runtimes_of_snapshot(checked_name(Kind.SNAPSHOT, snapshot))] if snapshot is not None else []
            found += [_runtimes_of_model(checked_name(Kind.MODEL, model))] if model is not None else []
        case JobFilter(model_name=str(name)):
            found.append(_jobs_of_model(checked_name(Kind.MODEL, name)))
        case _:
            pass
    return [*found, _tagged(given.tags)] if given.tags else found


def _imported(*, wanted: bool) -> Judge:
    async def judge(view: Sight, rows: Sequence[AnyResource]) -> Sequence[Verdict]:
        return [found is wanted for found in await are_imported(view, rows)]

    return judge


def _tagged(wanted: Sequence[TagFilter]) -> Judge:
    async def judge(view: Sight, rows: Sequence[AnyResource]) -> Sequence[Verdict]:
        found = await view.inventory.tags(row.arn for row in rows)
        return [_has_tags(readable_or_denied(found[row.arn]), wanted) for row in rows]

    return judge


def _has_tags(tags: tuple[Tag, ...] | AccessDeniedError | None, wanted: Sequence[TagFilter]) -> Verdict:
    if isinstance(tags, AccessDeniedError):
        return None
    values = {tag.key: tag.value for tag in tags or ()}
    return all(entry.key in values and (not entry.values or values[entry.key] in entry.values) for entry in wanted)


def _snapshots_of_model(name: str) -> Judge:
    async def judge(view: Sight, rows: Sequence[AnyResource]) -> Sequence[Verdict]:
        found = await view.inventory.describe_rows(rows)
        return [_names_model(found[row.name], name) for row in rows]

    return judge


def _names_model(what: Described, name: str) -> Verdict:
    snapshot = readable_or_denied(what)
    if isinstance(snapshot, AccessDeniedError):
        return None
    return isinstance(snapshot, Snapshot) and snapshot.detail is not None and name in snapshot.detail.model_names


def _runtimes_of_snapshot(name: str) -> Judge:
    async def judge(view: Sight, rows: Sequence[AnyResource]) -> Sequence[Verdict]:
        found = await view.inventory.describe_rows(rows)
        return [_if_allowed(found[row.name], lambda what: snapshot_name(what) == name) for row in rows]

    return judge


def _runtimes_of_model(name: str) -> Judge:
    async def judge(view: Sight, rows: Sequence[AnyResource]) -> Sequence[Verdict]:
        found = await view.inventory.describe_rows(rows)
        names = {row.name: snapshot_name(found[row.name]) for row in rows}
        snapshots = await view.inventory.describe(Kind.SNAPSHOT, (each for each in names.values() if each))
        return [
            None if _denied(found[row.name]) else _serves(snapshots.get(names[row.name] or "", _NONE), name)
            for row in rows
        ]

    return judge


_NONE: Final = False


def _serves(snapshot: "Described | Literal[False]", name: str) -> Verdict:
    """Whether a runtime's snapshot names the model. Of a snapshot that is gone nobody can tell what it named."""
    if snapshot is False:
        return False
    return None if snapshot is None else _names_model(snapshot, name)


def _jobs_of_model(name: str) -> Judge:
    async def judge(view: Sight, rows: Sequence[AnyResource]) -> Sequence[Verdict]:
        jobs = await described(view, rows)
        footprint = await _footprint_of(view, name)
        return [_belongs(job, footprint) for job in jobs]

    return judge


async def _footprint_of(view: Sight, name: str) -> Footprint:
    """The named model's footprint; of a model that is gone, only its name, which its transform jobs still give."""
    what = readable_or_denied((await view.inventory.describe(Kind.MODEL, [name]))[name])
    if isinstance(what, AccessDeniedError):
        raise what
    if isinstance(what, Model):
        return (await footprints(view.inventory, [what]))[0]
    return Footprint(name, frozenset(), (), frozenset(), frozenset(), ())


def _belongs(what: Described, footprint: Footprint) -> Verdict:
    job = readable_or_denied(what)
    if isinstance(job, AccessDeniedError):
        return None
    if not isinstance(job, TrainingJob | TransformJob):
        return False
    if footprint.match(job) is not None:
        return True
    # A package that may not be read might have shown that this job made it.
    return None if isinstance(job, TrainingJob) and footprint.refusals else False


def readable_or_denied(fact: Fact | AWSError) -> Fact | AccessDeniedError:
    """The fact, or that it is denied. Raises any other AWSError: a list must not leave out what is merely slow."""
    if isinstance(fact, AWSError) and not isinstance(fact, AccessDeniedError):
        raise fact
    return fact


def _denied(what: Described) -> bool:
    return isinstance(readable_or_denied(what), AccessDeniedError)


def _if_allowed(what: Described, test: Callable[[Described], bool]) -> Verdict:
    return None if _denied(what) else test(what)
