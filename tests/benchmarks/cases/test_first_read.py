"""What the first reads come to: speed, sparing calls, and only where all was read alike."""

from benchmarks.cases.first_read import BOTO3, DATAHUB, GATEWAY, NO_SEARCH, WHOLE, ReadRun, result
from benchmarks.queries import Graph

GRAPH: Graph = {"churn": {"snapshots": {}, "jobs": {}}}


def readings(own: ReadRun, *, datahub: float | None = 100.0) -> dict[str, list[ReadRun]]:
    peers = {} if datahub is None else {DATAHUB: [ReadRun(datahub, {"ListModels": 10}, {"models": 100})]}
    return {GATEWAY: [own], NO_SEARCH: [own], **peers, BOTO3: [ReadRun(60.0, {}, WHOLE, GRAPH)]}


def test_all_goals_are_met() -> None:
    benchmark_result = result(readings(ReadRun(5.0, {"DescribeModel": 1011, "AssumeRole": 1}, WHOLE, GRAPH)), [])
    assert [(goal.met, goal.measured) for goal in benchmark_result.goals] == [
        (True, "20.00 times"),
        (True, "1011 calls"),
        (True, "the same graph"),
    ]
    assert benchmark_result.figures["ratios"][BOTO3] == 12.0


def test_nearly_twenty_times_and_one_call_too_many_are_not_enough() -> None:
    benchmark_result = result(readings(ReadRun(5.001, {"DescribeModel": 1012}, WHOLE, GRAPH)), [])
    assert [goal.met for goal in benchmark_result.goals] == [False, False, True]


def test_another_graph_does_not_count() -> None:
    benchmark_result = result(readings(ReadRun(5.0, {}, WHOLE, {})), [])
    assert benchmark_result.goals[2].met is False


def test_an_error_does_not_count() -> None:
    benchmark_result = result(readings(ReadRun(5.0, {}, WHOLE, GRAPH, ["refused"])), [])
    assert benchmark_result.goals[2].met is False


def test_without_datahub_its_goal_is_not_measured() -> None:
    benchmark_result = result(
        readings(ReadRun(5.0, {}, WHOLE, GRAPH), datahub=None), ["DataHub was not measured: no network"]
    )
    assert (benchmark_result.goals[0].met, benchmark_result.goals[0].measured) == (None, "DataHub was not measured")
    assert benchmark_result.notes == ["DataHub was not measured: no network"]
