"""Facts about jobs that no description of them tells: the training jobs that a tuning job has started."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from aws.client.client import AwsClient
from aws.client.errors import AWSError
from aws.client.paging import read_pages
from aws.inventory.cache_states import Counted
from aws.inventory.horizon import Horizon
from aws.inventory.keyed_cache import KeyedCache
from aws.inventory.listings import PAGE_SIZE
from aws.kinds import training_jobs
from aws.kinds.catalog import is_settled
from aws.kinds.resource import Provenance
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.tuning_jobs import TuningJob
from concurrency.single_flight import SingleFlight

TunedJobs = tuple[TrainingJob, ...]


class JobFacts:
    """The caches of one scope.

    Args:
        calls: The scope's way to AWS.
        provenance: Gives the provenance of a reading that begins now.
        single_flight: Shares calls under way.
        now: The time.
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

        self.tuned_jobs: KeyedCache[TunedJobs] = KeyedCache(single_flight, tuned_jobs, now)

    @property
    def bytes(self) -> int:
        """The bytes of all that is kept."""
        return self.tuned_jobs.bytes

    def caches(self) -> Mapping[str, Sequence[Counted]]:
        """The caches by their names in metrics."""
        return {"tuned_jobs": [self.tuned_jobs]}


class JobFactReader(Protocol):
    """The facts as one request reads them."""

    async def tuned_jobs(self, tuning_jobs: Sequence[TuningJob]) -> Mapping[str, TunedJobs | AWSError | None]:
        """The rows of the training jobs that each tuning job has started, by its name; None if it is gone."""


class LiveJobFacts:
    """See JobFactReader.

    Args:
        facts: The scope's caches.
        horizon: How new is new enough.
    """

    def __init__(self, facts: JobFacts, horizon: Horizon) -> None:
        self._facts = facts
        self._horizon = horizon

    async def tuned_jobs(self, tuning_jobs: Sequence[TuningJob]) -> Mapping[str, TunedJobs | AWSError | None]:
        """See JobFactReader. What an ended tuning job has started stays; of any other, the list is read again."""
        ended = [job for job in tuning_jobs if is_settled(job)]
        running = [job for job in tuning_jobs if not is_settled(job)]
        cache, keys = self._facts.tuned_jobs, {job.name: f"{job.name} {job.raw_status}" for job in ended}
        found = {
            **await cache.get_many(keys.values(), self._horizon),
            **await cache.get_many((job.name for job in running), self._horizon, volatile=True),
        }
        return {job.name: found[keys.get(job.name, job.name)] for job in tuning_jobs}


class UnreadableJobFacts:
    """See JobFactReader. Stands where AWS cannot be asked: every answer is the reason why.

    Args:
        reason: Gives the reason, by the operation that is not called.
    """

    def __init__(self, reason: Callable[[str], AWSError]) -> None:
        self._reason = reason

    async def tuned_jobs(self, tuning_jobs: Sequence[TuningJob]) -> Mapping[str, TunedJobs | AWSError | None]:
        """See JobFactReader."""
        error = self._reason("ListTrainingJobsForHyperParameterTuningJob")
        return dict.fromkeys((job.name for job in tuning_jobs), error)
