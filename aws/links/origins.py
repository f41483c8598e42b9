"""Origins of a model: its packages, and the tuning jobs and pipeline executions behind its training jobs.

No list is read for them: a container names its package, a training job its tuning job, an experiment or a package its
execution, and the steps of an execution the jobs that they have started.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from aws.client.errors import AWSError
from aws.inventory.describe_cache import Described
from aws.inventory.reader_protocol import ReaderProtocol
from aws.kinds.kind import JOB_KINDS, Kind
from aws.kinds.model_packages import ModelPackage, package_keys
from aws.kinds.models import Model
from aws.kinds.pipeline_executions import PipelineExecution
from aws.kinds.training_jobs import TrainingJob
from aws.links.job_matching import MatchReason
from aws.links.pipelines import Origin, UnknownOriginError, executions_of_jobs, executions_of_packages
from aws.links.relations import Gap, RelatedAndGaps, RelatedResource
from aws.pipeline_steps import ExecutionSteps

_STEP_KINDS: Final = (Kind.PROCESSING_JOB, Kind.TUNING_JOB)
"""The kinds of jobs that belong to a model because a step of its execution has started them."""

_Reasons = Mapping[str, MatchReason | None]


async def find_origins(
    reader: ReaderProtocol, model: Model, trained: Sequence[tuple[TrainingJob, MatchReason | None]]
) -> RelatedAndGaps:
    """Find the packages, pipeline executions, tuning jobs and steps' processing jobs of a described model.

    Args:
        reader: The scope to read.
        model: The model.
        trained: Its training jobs, with the reason for each.
    """
    packages = await reader.describe(Kind.MODEL_PACKAGE, package_keys(model))
    origins = await _origins(reader, [job for job, _ in trained], list(packages.values()))
    executions = await reader.describe(Kind.PIPELINE_EXECUTION, dict.fromkeys(_names(origins)))
    started, gaps = await _started(reader, list(executions.values()))
    tuners = {job.detail.tuning_job_name: reason for job, reason in reversed(trained) if job.detail}
    reasons: dict[Kind, _Reasons] = {
        Kind.MODEL_PACKAGE: dict.fromkeys(packages),
        Kind.PIPELINE_EXECUTION: dict.fromkeys(executions),
        Kind.TUNING_JOB: {
            **dict.fromkeys(started[Kind.TUNING_JOB], MatchReason.PIPELINE),
            **{name: reason for name, reason in tuners.items() if name},
        },
        Kind.PROCESSING_JOB: dict.fromkeys(started[Kind.PROCESSING_JOB], MatchReason.PIPELINE),
    }
    described = {Kind.MODEL_PACKAGE: packages, Kind.PIPELINE_EXECUTION: executions}
    for kind in _STEP_KINDS:
        described[kind] = await described_in_arns(reader, kind, reasons[kind]) if reasons[kind] else {}
    # An ARN and a training job may spell one tuning job in two ways; the training job's reason wins.
    related = {
        (kind, item.name): RelatedResource(item, reasons[kind][name])
        for kind, named in described.items()
        for name, item in named.items()
        if item is not None and not isinstance(item, AWSError)
    }
    return list(related.values()), [*_unknown(origins), *gaps, *_unreadable(described)]


async def described_in_arns(reader: ReaderProtocol, kind: Kind, names: Collection[str]) -> Mapping[str, Described]:
    """Describe resources whose names come from ARNs, which may have them in lower case.

    A missing job is looked up in the list of its kind, without case.

    Args:
        reader: The scope to read.
        kind: The kind.
        names: The names, as the ARNs have them.

    Returns:
        The result for each of these names: the resource with its detail, None if it is gone, or the error.
    """
    results = dict(await reader.describe(kind, names))
    missing = [name for name, described in results.items() if described is None]
    if not missing or kind not in JOB_KINDS:
        return results
    try:
        rows = (await reader.list_all(kind)).rows
    except AWSError as error:
        return {**results, **dict.fromkeys(missing, error)}
    spelled = {row.name.lower(): row.name for row in rows}
    others = {name: spelled[name] for name in missing if spelled.get(name, name) != name}
    again = await reader.describe(kind, others.values()) if others else {}
    return {**results, **{name: again[other] for name, other in others.items()}}


async def _origins(
    reader: ReaderProtocol, jobs: Sequence[TrainingJob], packages: Sequence[Described]
) -> Sequence[Origin]:
    """The execution behind each package and job; packages first, because the steps that they need also cover jobs."""
    readable = [package for package in packages if isinstance(package, ModelPackage)]
    return [*await executions_of_packages(reader, readable), *await executions_of_jobs(reader, jobs)]


def _names(origins: Iterable[Origin]) -> Iterable[str]:
    return (origin for origin in origins if isinstance(origin, str))


async def _started(
    reader: ReaderProtocol, executions: Sequence[Described]
) -> tuple[Mapping[Kind, Sequence[str]], Sequence[Gap]]:
    """The names of the jobs that steps of the executions have started, by kind, and a gap for each unread execution."""
    steps = await reader.job_facts.steps([item for item in executions if isinstance(item, PipelineExecution)])
    started: dict[Kind, list[str]] = defaultdict(list)
    for read in steps.values():
        for kind, name in read.started_resources() if isinstance(read, ExecutionSteps) else ():
            started[kind].append(name)
    errors = [read for read in steps.values() if isinstance(read, AWSError)]
    return started, [Gap(kind, error) for error in errors for kind in _STEP_KINDS]


def _unknown(origins: Sequence[Origin]) -> Sequence[Gap]:
    """The gaps of unknown executions; for some jobs SageMaker has no way back, which is no gap."""
    errors = [item for item in origins if isinstance(item, AWSError) and not isinstance(item, UnknownOriginError)]
    return [Gap(kind, error) for error in errors for kind in (Kind.PIPELINE_EXECUTION, *_STEP_KINDS)]


def _unreadable(results: Mapping[Kind, Mapping[str, Described]]) -> Sequence[Gap]:
    return [
        Gap(kind, item, (name,))
        for kind, named in results.items()
        for name, item in named.items()
        if isinstance(item, AWSError)
    ]
