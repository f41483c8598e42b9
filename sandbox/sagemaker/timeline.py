"""Scheduled changes: endpoints come into service and jobs end by the sandbox's clock."""

import heapq
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.sagemaker.store import ResourceKind, ResourceRecord

Change = Callable[[float], None]
"""A scheduled change; takes the time at which it falls due, in seconds since the epoch."""


@dataclass(frozen=True)
class Durations:
    """Durations of creations, updates and jobs, in sandbox seconds.

    Attributes:
        endpoint_creating: Endpoint: Creating.
        endpoint_updating: Endpoint: Updating, without the waits of a DeploymentConfig.
        endpoint_rolling_back: Endpoint: RollingBack.
        endpoint_deleting: Endpoint: Deleting.
        component_creating: Inference component: Creating.
        component_updating: Inference component: Updating.
        component_deleting: Inference component: Deleting.
        job_starting: Job of any kind: until its work or the download begins; monitoring schedule: Pending.
        job_downloading: Training job: Downloading.
        training: Training job: Training.
        uploading: Training job: Uploading.
        transforming: Transform job: its work.
        processing: Processing job: its work.
        stopping: Job of any kind: Stopping.
        config_unseen: Age of an endpoint configuration at which CreateEndpoint and UpdateEndpoint first find it.
        search_delay: Time by which Search lags behind.
    """

    endpoint_creating: float = 240.0
    endpoint_updating: float = 180.0
    endpoint_rolling_back: float = 60.0
    endpoint_deleting: float = 60.0
    component_creating: float = 120.0
    component_updating: float = 60.0
    component_deleting: float = 30.0
    job_starting: float = 45.0
    job_downloading: float = 30.0
    training: float = 600.0
    uploading: float = 15.0
    transforming: float = 240.0
    processing: float = 300.0
    stopping: float = 60.0
    config_unseen: float = 0.0
    search_delay: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """The outcome of one creation or job, decided before it begins.

    Attributes:
        seconds: Sandbox seconds of work (training, transforming) or until it is in service; None for
            :class:`Durations`.
        failure: The FailureReason; None for success.
        keeps_reason: False if an endpoint whose update fails shows no FailureReason (hashicorp/terraform-provider-aws
            issue 48997).
        rollback_fails: True if an endpoint whose update fails ends in UpdateRollbackFailed instead of InService.
        metrics: Final metrics of a training job, by name.
    """

    seconds: float | None = None
    failure: str | None = None
    keeps_reason: bool = True
    rollback_fails: bool = False
    metrics: Mapping[str, float] = field(default_factory=dict)


class Timeline:
    """A queue of scheduled changes, and the outcomes decided for later resources.

    Args:
        clock: The sandbox's time.
        pace: The usual durations; None for the defaults.
    """

    def __init__(self, clock: Clock, pace: Durations | None = None) -> None:
        self.clock = clock
        self._usual = pace or Durations()
        self.durations = self._usual
        self._agenda: list[tuple[float, int, Change]] = []
        self._order = itertools.count()
        self._outcomes: dict[tuple[str, str], Outcome] = {}
        self.on_change: Change = lambda _: None
        """Called after each change, with its time."""

    def decide_outcome(self, kind: ResourceKind, name: str, outcome: Outcome) -> None:
        """Decide the outcome of the next resource of this kind and name."""
        self._outcomes[kind.arn_type, name] = outcome

    def outcome(self, kind: ResourceKind, name: str) -> Outcome:
        """Take the outcome decided for a resource of this kind and name; success at the usual pace without one."""
        return self._outcomes.pop((kind.arn_type, name), Outcome())

    def schedule(self, record: ResourceRecord, when: float, change: Change) -> None:
        """Apply a change to the record at a time (seconds since the epoch), unless its `plan` has changed by then."""
        plan = record.plan

        def if_still_planned(at: float) -> None:
            if record.plan == plan:
                change(at)

        heapq.heappush(self._agenda, (when, next(self._order), if_still_planned))

    def run_due(self) -> None:
        """Apply the changes that have fallen due, in order, each at its own time."""
        now = self.clock.now()
        while self._agenda and self._agenda[0][0] <= now:
            when, _, change = heapq.heappop(self._agenda)
            change(when)
            self.on_change(when)

    def clear(self) -> None:
        """Forget all scheduled changes and outcomes, and return to the usual durations."""
        self.durations = self._usual
        self._agenda.clear()
        self._outcomes.clear()
