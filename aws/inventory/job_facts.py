"""Facts about jobs beyond their descriptions: the training jobs of tuning jobs, the steps of pipeline executions."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from aws.client.client import AwsClient
from aws.client.errors import AWSError
from aws.client.paging import read_pages
from aws.inventory.cache_states import Counted
from aws.inventory.horizon import Horizon
from aws.inventory.keyed_cache import KeyedCache
from aws.inventory.listings import PAGE_SIZE
from aws.kinds import pipeline_executions, training_jobs
from aws.kinds.catalog import is_settled
from aws.kinds.pipeline_executions import PipelineExecution
from aws.kinds.resource import Provenance, build_arn
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.tuning_jobs import TuningJob
from aws.pipeline_steps import ExecutionSteps, read_steps
from concurrency.single_flight import SingleFlight

TunedJobs = tuple[TrainingJob, ...]

# SageMaker's clock and ours differ a little.
_CLOCK_SKEW: Final = timedelta(minutes=2)


class JobFacts:
    """The caches of such facts of one scope.

    Args:
        calls: The client of the scope.
        provenance: Gives the provenance of a read that begins now.
        single_flight: Shares calls under way.
        now: Gives the time.

    Attributes:
        executions_by_arn: The execution that made each resource, by its ARN in lower case; the steps in the cache
            decide if it may be shown.
        final: The executions whose steps were read after their success, so that these cannot change.
    """

    def __init__(
        self,
        calls: AwsClient,
        provenance: Callable[[], Provenance],
        single_flight: SingleFlight,
        now: Callable[[], datetime],
    ) -> None:
        async def tuned_jobs(key: str) -> TunedJobs:
            origin = provenance()
            rows = await read_pages(
                calls,
                "ListTrainingJobsForHyperParameterTuningJob",
                key="TrainingJobSummaries",
                MaxResults=PAGE_SIZE,
                HyperParameterTuningJobName=key.partition(" ")[0],
            )
            return tuple(training_jobs.parse_summary(row, origin) for row in rows)

        async def steps(name: str) -> ExecutionSteps:
            origin = provenance()
            read = await read_steps(
                calls, build_arn(pipeline_executions.API, origin.region, origin.account_id, name), origin.as_of
            )
            self.executions_by_arn.update(dict.fromkeys(read.started_arns(), name))
            return read

        self.tuned_jobs: KeyedCache[TunedJobs] = KeyedCache(single_flight, tuned_jobs, now)
        self.steps: KeyedCache[ExecutionSteps] = KeyedCache(single_flight, steps, now)
        self.executions_by_arn: dict[str, str] = {}
        self.final: set[str] = set()

    @property
    def bytes(self) -> int:
        """The memory of the caches."""
        return self.tuned_jobs.bytes + self.steps.bytes

    def caches(self) -> Mapping[str, Sequence[Counted]]:
        """The caches by their names in metrics."""
        return {"tuned_jobs": [self.tuned_jobs], "pipeline_steps": [self.steps]}


class JobFactReader(Protocol):
    """Reads the facts for one request."""

    async def tuned_jobs(self, tuning_jobs: Sequence[TuningJob]) -> Mapping[str, TunedJobs | AWSError | None]:
        """Give the rows of the training jobs of each tuning job, by its name; None if it is gone."""

    async def steps(self, executions: Sequence[PipelineExecution]) -> Mapping[str, ExecutionSteps | AWSError | None]:
        """Give the steps of each execution, by its name; None if it is gone."""

    async def steps_that_started(
        self, wanted: Mapping[str, Collection[str]]
    ) -> Mapping[str, ExecutionSteps | AWSError | None]:
        """Give the steps of executions, by name; they are read again if they lack a wanted ARN.

        Args:
            wanted: The ARNs that each execution is said to have started, by its name.
        """

    def known_execution(self, arn: str) -> str | None:
        """Give the name of the execution whose cached steps contain `arn`; None if none does."""


class LiveJobFacts:
    """Reads the facts from AWS; see JobFactReader.

    Args:
        facts: The scope's caches.
        horizon: The oldest reads that are fresh enough.
    """

    def __init__(self, facts: JobFacts, horizon: Horizon) -> None:
        self._facts = facts
        self._horizon = horizon

    async def tuned_jobs(self, tuning_jobs: Sequence[TuningJob]) -> Mapping[str, TunedJobs | AWSError | None]:
        """See JobFactReader. The list of an ended tuning job stays; that of any other is read again."""
        ended = [job for job in tuning_jobs if is_settled(job)]
        running = [job for job in tuning_jobs if not is_settled(job)]
        # A name can be reused for another job (DeleteHyperParameterTuningJob).
        keys = {job.name: f"{job.name} {job.raw_status} {job.creation_time}" for job in ended}
        cache = self._facts.tuned_jobs
        results = {
            **await cache.get_many(keys.values(), self._horizon),
            **await cache.get_many((job.name for job in running), self._horizon, volatile=True),
        }
        return {job.name: results[keys.get(job.name, job.name)] for job in tuning_jobs}

    async def steps(self, executions: Sequence[PipelineExecution]) -> Mapping[str, ExecutionSteps | AWSError | None]:
        """See JobFactReader."""
        facts = self._facts
        final = [item.name for item in executions if item.name in facts.final]
        others = [item.name for item in executions if item.name not in facts.final]
        results = {
            **await facts.steps.get_many(final, self._horizon),
            **await facts.steps.get_many(others, self._horizon, volatile=True),
        }
        for item in executions:
            read = results[item.name]
            if is_settled(item) and isinstance(read, ExecutionSteps) and _has_every_step(read, item):
                facts.final.add(item.name)
        return results

    async def steps_that_started(
        self, wanted: Mapping[str, Collection[str]]
    ) -> Mapping[str, ExecutionSteps | AWSError | None]:
        """See JobFactReader."""
        facts = self._facts
        results = dict(await facts.steps.get_many(wanted, self._horizon))
        open_ended = [name for name, arns in wanted.items() if name not in facts.final and _lacks(results[name], arns)]
        return {**results, **await facts.steps.get_many(open_ended, self._horizon, volatile=True)}

    def known_execution(self, arn: str) -> str | None:
        """See JobFactReader."""
        name = self._facts.executions_by_arn.get(arn.lower())
        read = None if name is None else self._facts.steps.known(name, self._horizon.authority)
        return name if read is not None and read.started(arn) else None


def _has_every_step(read: ExecutionSteps, succeeded: PipelineExecution) -> bool:
    """Tell whether steps were read after the execution had succeeded: else they may lack the last ones."""
    changed_at = succeeded.detail.last_modified_time if succeeded.detail else None
    return read.as_of >= succeeded.as_of or (changed_at is not None and read.as_of >= changed_at + _CLOCK_SKEW)


def _lacks(read: ExecutionSteps | AWSError | None, arns: Collection[str]) -> bool:
    return isinstance(read, ExecutionSteps) and not all(read.started(arn) for arn in arns)


class UnreadableJobFacts:
    """Answers every question with the reason why AWS cannot be asked; see JobFactReader.

    Args:
        reason: Gives the error, by the operation that is not called.
    """

    def __init__(self, reason: Callable[[str], AWSError]) -> None:
        self._reason = reason

    async def tuned_jobs(self, tuning_jobs: Sequence[TuningJob]) -> Mapping[str, TunedJobs | AWSError | None]:
        """See JobFactReader."""
        error = self._reason("ListTrainingJobsForHyperParameterTuningJob")
        return dict.fromkeys((job.name for job in tuning_jobs), error)

    async def steps(self, executions: Sequence[PipelineExecution]) -> Mapping[str, ExecutionSteps | AWSError | None]:
        """See JobFactReader."""
        return dict.fromkeys((item.name for item in executions), self._reason("ListPipelineExecutionSteps"))

    async def steps_that_started(
        self, wanted: Mapping[str, Collection[str]]
    ) -> Mapping[str, ExecutionSteps | AWSError | None]:
        """See JobFactReader."""
        return dict.fromkeys(wanted, self._reason("ListPipelineExecutionSteps"))

    def known_execution(self, arn: str) -> str | None:
        """None: no steps were read."""
        return None
