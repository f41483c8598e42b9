"""The metrics of a process: a registry of its own, and the counters that requests, calls and steps move.

Labels are bounded, and each combination is bound to its counter once, so that moving one takes a microsecond.
"""

from collections.abc import Collection
from typing import Any, Final, Generic, TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.metrics import MetricWrapperBase

from aws.kinds.rollouts import RolloutStrategy
from concurrency.tracing import Tracer
from gateway.observability.documents import OTHER, DocumentNames

MAX_CHILDREN: Final = 2_000
"""The most combinations of labels of one metric; any further ones are counted as `other`."""

NO_GROUP: Final = "none"
ROLLOUT_OUTCOMES: Final = ("deployed", "rolled_back", "failed")

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_STEP_SECONDS: Final = (0.01, 0.05, 0.25, 1, 5, 15, 60, 300, 1800)

Metric = TypeVar("Metric", bound=MetricWrapperBase)


class Bound(Generic[Metric]):
    """A metric whose combinations of labels are bound once and bounded in number.

    Args:
        metric: The metric.
        labels: The number of its labels.
    """

    def __init__(self, metric: Metric, labels: int) -> None:
        self._metric = metric
        self._children: dict[tuple[str, ...], Metric] = {}
        self._other = (OTHER,) * labels

    def __getitem__(self, labels: tuple[str, ...]) -> Metric:
        """The metric of these labels' values."""
        child = self._children.get(labels)
        return self._bind(labels) if child is None else child

    def _bind(self, labels: tuple[str, ...]) -> Metric:
        if len(self._children) >= MAX_CHILDREN:
            labels = self._other
        child = self._children[labels] = self._metric.labels(*labels)
        return child


class Metrics:
    """The counters of one process, and the registry that holds them and further collectors.

    Args:
        groups: The groups that the settings name; others have no label of their own.

    Attributes:
        registry: The registry.
        documents: The names of documents.
        requests_in_progress: HTTP requests and WebSockets under way.
        tracer: Shows steps of durable work as spans; None shows none.
    """

    def __init__(self, groups: Collection[str] = ()) -> None:
        self.registry = CollectorRegistry()
        self.documents = DocumentNames()
        self.requests_in_progress = 0
        self.tracer: Tracer | None = None
        self._groups = frozenset(groups)
        self._requests = Bound(
            self._counter(
                "requests", "GraphQL operations over HTTP by document, gravest code and group", "operation code group"
            ),
            3,
        )
        self._request_seconds = Bound(self._histogram("request_seconds", "Time to answer an operation", "operation"), 1)
        self._errors = Bound(self._counter("request_errors", "Errors in answers", "code"), 1)
        self._cost = Bound(self._counter("request_cost", "Cost of operations that were run", "group"), 1)
        self._responses = Bound(self._counter("http_responses", "HTTP responses", "route status"), 2)
        self._calls = Bound(
            self._counter("aws_calls", "Calls to AWS by operation and outcome, STS included", "operation outcome"), 2
        )
        self._call_seconds = Bound(self._histogram("aws_call_seconds", "Time of a call to AWS", "operation"), 1)
        self._waits = Bound(
            self._histogram("rate_limiter_wait_seconds", "Time for which a call was held back", "operation"), 1
        )
        self._steps = Bound(
            self._counter("durable_steps", "Steps of durable work that ended", "workflow step outcome"), 3
        )
        self._step_seconds = Bound(
            self._histogram("durable_step_seconds", "Time of a step, tries included", "workflow step", _STEP_SECONDS), 2
        )
        self._deliveries = Bound(
            self._counter("webhook_deliveries", "Tries to deliver to a webhook that ended", "webhook outcome"), 2
        )
        self._rollouts = Bound(
            self._counter(
                "rollouts", "Rollouts of deployments that ended, by strategy and outcome", "strategy outcome"
            ),
            2,
        )
        # A counter that begins at 1 has not grown, as Prometheus sees it: the first one that goes back would be missed.
        for strategy in RolloutStrategy:
            for outcome in ROLLOUT_OUTCOMES:
                self._rollouts[strategy.value, outcome].inc(0)

    def _counter(self, name: str, text: str, labels: str) -> Counter:
        return Counter(f"sagegraph_{name}", text, labels.split(), registry=self.registry)

    def _histogram(self, name: str, text: str, labels: str, buckets: tuple[float, ...] = _SECONDS) -> Histogram:
        return Histogram(f"sagegraph_{name}", text, labels.split(), registry=self.registry, buckets=buckets)

    def on_operation(self, label: str, code: str, group: str | None, seconds: float, cost: int | None) -> None:
        """Count an operation.

        Args:
            label: The label of its document; see `DocumentNames`.
            code: Its gravest error's code, or `OK`.
            group: The group whose role was asked for.
            seconds: The time that it took.
            cost: Its cost, if it is known.
        """
        team = self.group_label(group)
        self._requests[label, code, team].inc()
        self._request_seconds[label,].observe(seconds)
        if cost:
            self._cost[team,].inc(cost)

    def on_errors(self, code: str, count: int) -> None:
        """Count errors of one code."""
        self._errors[code,].inc(count)

    def on_response(self, route: str, status: int) -> None:
        """Count a response of a route such as `/graphql` with its HTTP status."""
        self._responses[route, str(status)].inc()

    def on_call(self, operation: str, outcome: str, seconds: float) -> None:
        """Count a call to AWS.

        Args:
            operation: The operation, such as `ListModels`.
            outcome: `OK`, `CANCELLED`, or the code of the error.
            seconds: The time that it took.
        """
        self._calls[operation, outcome].inc()
        self._call_seconds[operation,].observe(seconds)

    def on_wait(self, operation: str, seconds: float) -> None:
        """Count a call of an operation that the rate limiter held back, with the seconds that it waited."""
        self._waits[operation,].observe(seconds)

    def on_step(self, workflow: str, step: str, outcome: str, seconds: float) -> None:
        """Count a step of durable work.

        Args:
            workflow: The name of its workflow.
            step: Its name.
            outcome: `OK`, `FAILED` or `CANCELLED`.
            seconds: The time that it took, tries included.
        """
        self._steps[workflow, step, outcome].inc()
        self._step_seconds[workflow, step].observe(seconds)

    def on_delivery(self, host: str, outcome: str) -> None:
        """Count a try to deliver to a webhook, by the host of its address and the outcome."""
        self._deliveries[host, outcome].inc()

    def on_rollout(self, strategy: str, outcome: str) -> None:
        """Count a rollout that has ended.

        Args:
            strategy: The value of its `RolloutStrategy`.
            outcome: One of `ROLLOUT_OUTCOMES`.
        """
        self._rollouts[strategy, outcome].inc()

    def group_label(self, group: str | None) -> str:
        """Give the label of a group: its name, if the settings have it; None is `none`."""
        if group is None:
            return NO_GROUP
        return group if group in self._groups or group == NO_GROUP else OTHER


def groups_in(settings: Any) -> frozenset[str]:
    """Give the groups that the settings name."""
    entries = settings.entries()
    named = {grant.group for grant in settings.permissions}
    named |= {over for grant in settings.permissions for over in grant.over}
    named |= {entry.group for entry in (*entries.stored, *entries.assumed)}
    named |= {group for entry in entries.web_identity for group in entry.groups}
    return frozenset(named - {"*"})
