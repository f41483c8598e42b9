"""The pipeline execution that started a job: by its experiment or its tags, confirmed by the execution's steps."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from aws.client.errors import AWSError, UnavailableError
from aws.ids import EXECUTION_NAME_PATTERN, split_arn
from aws.inventory.describe_cache import Described
from aws.inventory.reader_protocol import ReaderProtocol
from aws.inventory.tag_cache import TagsResult
from aws.kinds import pipeline_executions, tuning_jobs
from aws.kinds.catalog import JOB_TYPES, AnyResource
from aws.kinds.model_packages import ModelPackage
from aws.kinds.pipeline_executions import execution_name
from aws.kinds.resource import build_arn, name_in_arn
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.tuning_jobs import TuningJob
from aws.pipeline_steps import ExecutionSteps

PIPELINE_TAG: Final = "sagemaker:pipeline-execution-arn"
"""The tag by which a pipeline marks what it makes (sagemaker-python-sdk, lineage). Anybody may give or take tags."""


class UnknownOriginError(UnavailableError):
    """Neither a tag of the job nor cached steps tell its pipeline execution, and it may have one."""


Origin = str | AWSError | None
"""The name of an execution; None if there is none; or the error that hides it."""


async def executions_of_jobs(reader: ReaderProtocol, jobs: Sequence[Described]) -> Sequence[Origin]:
    """Give the execution that has started each described job.

    By default a pipeline names the experiment and the trial of its jobs after itself and the execution. Anybody may use
    such names, so only a step of the execution proves it. A tuning job has no experiment, nor have its training jobs:
    for these the cached steps are searched. If they tell nothing, a tag of the tuning job names the execution, which a
    step has to prove as well. Tags that cannot be read hide the execution.
    """
    described = [job for job in jobs if isinstance(job, AnyResource)]
    tagged = await _executions_by_tag(reader, described)
    pairs = [(name, job.arn) for job in described if (name := _candidate(job)) is not None]
    of_tuners = [(name, tuner) for tuner, name in tagged.items() if isinstance(name, str)]
    confirmed = await _confirmed(reader, [*pairs, *of_tuners])
    return [_origin(reader, job, confirmed, tagged) for job in jobs]


async def executions_by_claim(reader: ReaderProtocol, claims: Sequence[tuple[str | None, str]]) -> Sequence[Origin]:
    """Give the execution of each pair of a claimed execution's ARN (None: no claim) and a resource's ARN.

    A claim holds only if a step of the execution has made the resource.
    """
    names = [None if claim is None else claimed_execution(claim, arn) for claim, arn in claims]
    pairs = [(name, arn) for name, (_, arn) in zip(names, claims, strict=True) if name]
    confirmed = await _confirmed(reader, pairs)
    return [confirmed[name, arn] if name else None for name, (_, arn) in zip(names, claims, strict=True)]


async def executions_of_packages(reader: ReaderProtocol, packages: Sequence[ModelPackage]) -> Sequence[Origin]:
    """Give the execution that each described package names as its maker, if a step confirms it."""
    claims = [(package.detail.generated_by if package.detail else None, package.arn) for package in packages]
    return await executions_by_claim(reader, claims)


def claimed_execution(claim: str, arn: str) -> str | None:
    """Give the name in the ARN of an execution, `claim`, if it has the account and region of `arn`; else None."""
    name = name_in_arn(claim)
    is_execution = claim.split(":", 5)[-1].startswith(f"{pipeline_executions.API.arn_type}/")
    is_near = split_arn(claim) == split_arn(arn)
    return name if is_execution and is_near and EXECUTION_NAME_PATTERN.fullmatch(name) else None


def _candidate(job: AnyResource) -> str | None:
    experiment = job.detail.experiment if isinstance(job, JOB_TYPES) and job.detail else None
    if experiment is None:
        return None
    name = execution_name(experiment.experiment_name, experiment.trial_name)
    return name if EXECUTION_NAME_PATTERN.fullmatch(name) else None


async def _confirmed(reader: ReaderProtocol, pairs: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Origin]:
    """The execution of each pair of its name and an ARN, if one of its steps has made the resource; else None."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for name, arn in pairs:
        wanted[name].append(arn)
    steps = await reader.job_facts.steps_that_started(wanted) if wanted else {}
    return {(name, arn): _if_started(name, arn, steps[name]) for name, arn in pairs}


async def _executions_by_tag(reader: ReaderProtocol, jobs: Sequence[AnyResource]) -> Mapping[str, Origin]:
    """The execution that the tags of each tuning job name, by the ARN of the tuning job that a job is or is of."""
    tuners = {_tuner_arn(job): None for job in jobs if _candidate(job) is None}
    unknown = [arn for arn in tuners if arn is not None and reader.job_facts.known_execution(arn) is None]
    tags = await reader.tags(unknown) if unknown else {}
    return {arn: _tagged_execution(arn, tags[arn]) for arn in unknown}


def _tagged_execution(arn: str, tags: TagsResult) -> Origin:
    """The execution that the tags of the resource `arn` name, or the error that hides them."""
    if isinstance(tags, AWSError):
        return tags
    claims = (claimed_execution(tag.value, arn) for tag in tags or () if tag.key == PIPELINE_TAG)
    return next(claims, None)


def _if_started(name: str, arn: str, read: ExecutionSteps | AWSError | None) -> Origin:
    if isinstance(read, AWSError):
        return read
    return name if read is not None and read.started(arn) else None


def _origin(
    reader: ReaderProtocol,
    job: Described,
    confirmed: Mapping[tuple[str, str], Origin],
    tagged: Mapping[str, Origin],
) -> Origin:
    if job is None or isinstance(job, AWSError):
        return job
    if (name := _candidate(job)) is not None:
        return confirmed[name, job.arn]
    tuner = _tuner_arn(job)
    if tuner is None:
        return None
    claim = tagged.get(tuner)
    answer = confirmed[claim, tuner] if isinstance(claim, str) else claim
    return reader.job_facts.known_execution(tuner) or answer or _unknown_origin(job)


def _unknown_origin(job: AnyResource) -> UnknownOriginError:
    return UnknownOriginError(
        f"SageMaker does not tell which pipeline execution started the {job.api.noun} `{job.name}`. Ask for the "
        "steps of its pipeline's executions in the same query, before this.",
        operation="ListPipelineExecutionSteps",
    )


def _tuner_arn(job: AnyResource) -> str | None:
    """The ARN of the tuning job: the job itself, or the one that started it."""
    if isinstance(job, TuningJob):
        return job.arn
    name = job.detail.tuning_job_name if isinstance(job, TrainingJob) and job.detail else None
    return None if name is None else build_arn(tuning_jobs.API, job.region, job.account_id, name)
