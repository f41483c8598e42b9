"""The calls to AWS of each relation of the graph, exactly: cold, inside the fresh age, and outside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.call_bounds import pages
from benchmarks.lineages import MONITORED, PIPELINE, LineageSize

Calls = Mapping[str, int]


@dataclass(frozen=True)
class RelationRow:
    """A question for one relation of a whole list, and its calls to AWS, exactly.

    Attributes:
        query: The question, for up to a hundred things.
        cold: The calls of a gateway that knows nothing, by the size of the account.
        later: The calls outside the fresh age and within the authority age, by the size of the account.
        inside: The calls inside the fresh age, which are for facts that are not kept.
    """

    query: str
    cold: Callable[[LineageSize], Calls]
    later: Callable[[LineageSize], Calls]
    inside: Calls


def _row(
    query: str,
    cold: Callable[[LineageSize], Calls],
    later: Callable[[LineageSize], Calls] | Calls,
    inside: Calls | None = None,
) -> RelationRow:
    steady = later if callable(later) else (lambda _size: later)
    return RelationRow(query, cold, steady, inside or {})


def _of_models(relation: str) -> str:
    return f"{{ models(first: 100) {{ nodes {{ name {relation} }} }} }}"


def _of_runtimes(relation: str) -> str:
    return f"{{ runtimes(first: 100) {{ nodes {{ name {relation} }} }} }}"


def _of_jobs(type: str, relation: str, name: str = "") -> str:
    named = f', nameContains: "{name}"' if name else ""
    return f"{{ jobs(first: 100, filter: {{types: [{type}]{named}}}) {{ nodes {{ name {relation} }} }} }}"


def _executions(size: LineageSize) -> Calls:
    """The calls for the executions behind models: for their versions, and the training jobs of their artifacts."""
    return {
        "ListModels": pages(size.models),
        "DescribeModel": size.models,
        "DescribeModelPackage": size.lineages,
        "DescribeTrainingJob": size.base.training_jobs + size.lineages,
        "ListPipelineExecutionSteps": size.lineages,
        "DescribePipelineExecution": size.lineages,
    }


def _every_execution(size: LineageSize) -> Calls:
    """The calls for all executions behind models: every training job may lead to one."""
    every = {"ListTrainingJobs": pages(size.training_jobs), "DescribeTrainingJob": size.training_jobs}
    return {**_executions(size), **every}


def _versions_later(size: LineageSize, **more: int) -> Calls:
    """The calls for what versions show: no row of them shows a changed comment of a decision."""
    return {"ListModels": 1, "DescribeModelPackage": size.lineages, **more}


def _endpoints(size: LineageSize) -> Calls:
    return {"ListEndpoints": pages(size.runtimes), "DescribeEndpoint": size.runtimes}


def _named_training_jobs(size: LineageSize) -> Calls:
    return {"ListTrainingJobs": pages(size.training_jobs), "DescribeTrainingJob": size.lineages}


ONE_MODELS_EXECUTIONS: Final = RelationRow(
    f'{{ model(name: "{MONITORED}") {{ pipelineExecutions(first: 5) {{ nodes {{ name status }} }} }} }}',
    lambda _size: {
        "DescribeModel": 1,
        "DescribeModelPackage": 1,
        "DescribeTrainingJob": 1,
        "ListPipelineExecutionSteps": 1,
        "DescribePipelineExecution": 1,
    },
    lambda _size: {"DescribeModelPackage": 1},
    {},
)
"""The executions of one model: their cost does not depend on the size of the account."""

_METRICS: Final = {"GetMetricData": 2}
_LISTED: Final = {"ListEndpoints": 1}

RELATIONS: Final[Mapping[str, RelationRow]] = {
    "versions of models": _row(
        _of_models("modelPackages { version approvalStatus }"),
        lambda size: {
            "ListModels": pages(size.models),
            "DescribeModel": size.models,
            "DescribeModelPackage": size.lineages,
        },
        _versions_later,
    ),
    "models of versions": _row(
        "{ modelPackages(first: 100) { nodes { version models(first: 5) { nodes { name } } } } }",
        lambda size: {
            "ListModelPackages": pages(size.lineages),
            "ListModels": pages(size.models),
            "DescribeModel": size.models,
        },
        {"ListModelPackages": 1, "ListModels": 1},
    ),
    "pipeline executions of models": _row(
        _of_models("pipelineExecutions(first: 5) { nodes { name status } }"), _executions, _versions_later
    ),
    "all pipeline executions of models": _row(
        _of_models("pipelineExecutions(first: 5) { totalCount completeAsOf }"),
        _every_execution,
        lambda size: _versions_later(size, ListTrainingJobs=1),
    ),
    "processing jobs of models": _row(
        _of_models("jobs(first: 5, filter: {types: [PROCESSING]}) { edges { match node { name status } } }"),
        lambda size: {
            **_executions(size),
            "ListProcessingJobs": pages(size.lineages),
            "DescribeProcessingJob": size.lineages,
        },
        lambda size: _versions_later(size, ListProcessingJobs=1),
    ),
    "tuning jobs of models": _row(
        _of_models("jobs(first: 5, filter: {types: [TUNING]}) { edges { match node { name status } } }"),
        lambda size: {**_executions(size), "DescribeHyperParameterTuningJob": size.lineages},
        _versions_later,
    ),
    "components of models": _row(
        _of_models("inferenceComponents(first: 5) { nodes { name status } }"),
        lambda size: {
            "ListModels": pages(size.models),
            "ListInferenceComponents": pages(size.lineages),
            "DescribeInferenceComponent": size.lineages,
        },
        {"ListModels": 1, "ListInferenceComponents": 1},
    ),
    "runtimes of models, through components too": _row(
        _of_models("runtimes(first: 5) { nodes { name status } }"),
        lambda size: {
            "ListModels": pages(size.models),
            "ListEndpointConfigs": pages(size.snapshots),
            "DescribeEndpointConfig": size.snapshots,
            **_endpoints(size),
            "ListInferenceComponents": pages(size.lineages),
            "DescribeInferenceComponent": size.lineages,
        },
        {"ListModels": 1, "ListEndpointConfigs": 1, "ListEndpoints": 1, "ListInferenceComponents": 1},
    ),
    "models of components": _row(
        "{ inferenceComponents(first: 100) { nodes { name models { name } } } }",
        lambda size: {
            "ListInferenceComponents": pages(size.lineages),
            "DescribeInferenceComponent": size.lineages,
            "DescribeModel": size.lineages,
        },
        {"ListInferenceComponents": 1},
    ),
    "components of runtimes": _row(
        _of_runtimes("inferenceComponents(first: 5) { nodes { name } }"),
        lambda size: {
            "ListEndpoints": pages(size.runtimes),
            "ListInferenceComponents": pages(size.lineages),
        },
        {"ListEndpoints": 1, "ListInferenceComponents": 1},
    ),
    "executions of training jobs": _row(
        _of_jobs("TRAINING", "pipelineExecution { name }", "-train"),
        lambda size: {
            **_named_training_jobs(size),
            "ListPipelineExecutionSteps": size.lineages,
            "DescribePipelineExecution": size.lineages,
        },
        {"ListTrainingJobs": 1},
    ),
    "tuning jobs of training jobs": _row(
        _of_jobs("TRAINING", "... on TrainingJob { tunedBy { name } }", "-search-"),
        lambda size: {**_named_training_jobs(size), "DescribeHyperParameterTuningJob": size.lineages},
        {"ListTrainingJobs": 1},
    ),
    "processing jobs": _row(
        _of_jobs("PROCESSING", "status"),
        lambda size: {"ListProcessingJobs": pages(size.lineages)},
        {"ListProcessingJobs": 1},
    ),
    "tuning jobs": _row(
        _of_jobs("TUNING", "status"),
        lambda size: {"ListHyperParameterTuningJobs": pages(size.lineages)},
        {"ListHyperParameterTuningJobs": 1},
    ),
    "training jobs of tuning jobs": _row(
        _of_jobs("TUNING", "... on TuningJob { trainingJobs(first: 5) { nodes { name } } }"),
        lambda size: {
            "ListHyperParameterTuningJobs": pages(size.lineages),
            "ListTrainingJobsForHyperParameterTuningJob": size.lineages,
            "DescribeTrainingJob": size.lineages,
        },
        {"ListHyperParameterTuningJobs": 1},
    ),
    "steps of executions": _row(
        f'{{ pipelineExecutions(pipelineName: "{PIPELINE}", first: 100) {{ nodes {{ steps {{ name status }} }} }} }}',
        lambda size: {
            "ListPipelineExecutions": pages(size.lineages),
            "ListPipelineExecutionSteps": size.lineages,
        },
        {"ListPipelineExecutions": 1},
    ),
    "alarms of runtimes": _row(
        _of_runtimes("alarms { name status }"),
        lambda size: {"ListEndpoints": pages(size.runtimes), "DescribeAlarms": 1},
        {**_LISTED, "DescribeAlarms": 1},
    ),
    "scaling of runtimes": _row(
        _of_runtimes("variants { scaling { maxCapacity } }"),
        lambda size: {**_endpoints(size), "DescribeScalableTargets": 1},
        {**_LISTED, "DescribeScalableTargets": 1},
    ),
    "cost of runtimes": _row(
        _of_runtimes("hourlyCost { amount }"),
        lambda size: {**_endpoints(size), "DescribeEndpointConfig": size.runtimes},
        _LISTED,
    ),
    "rollouts of runtimes": _row(_of_runtimes("lastRollout { strategy }"), _endpoints, _LISTED),
    "activity of runtimes": _row(
        _of_runtimes("activity { lastInvocationTime }"),
        lambda size: {**_endpoints(size), "ListInferenceComponents": pages(size.lineages), **_METRICS},
        {**_LISTED, "ListInferenceComponents": 1, **_METRICS},
        _METRICS,
    ),
    "idle runtimes": _row(
        "{ runtimes(first: 100, filter: {idleForHours: 24}) { nodes { name } unreadableCount } }",
        lambda size: {**_endpoints(size), "ListInferenceComponents": pages(size.lineages), **_METRICS},
        {**_LISTED, "ListInferenceComponents": 1, **_METRICS},
        _METRICS,
    ),
    "runs of monitoring schedules": _row(
        _of_runtimes("monitoringSchedules { name executions(first: 5) { nodes { status } } }"),
        lambda size: {
            "ListEndpoints": pages(size.runtimes),
            "ListMonitoringSchedules": 1,
            "ListMonitoringExecutions": 1,
        },
        {**_LISTED, "ListMonitoringSchedules": 1, "ListMonitoringExecutions": 1},
        {"ListMonitoringExecutions": 1},
    ),
}
"""A row for each relation of kinds beside models, snapshots, runtimes, training and transform jobs."""
