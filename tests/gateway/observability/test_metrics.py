"""gateway.observability.metrics: counters with bounded labels, in a registry of their own."""

import pytest
from prometheus_client import generate_latest

from gateway.observability.metrics import Metrics, groups_in
from tests.gateway_client import load_test_settings
from tests.scrapes import parsed, series


def counted(metrics: Metrics) -> dict[object, float]:
    """The samples that are not 0."""
    samples = parsed(generate_latest(metrics.registry).decode())
    skipped = ("_bucket", "_created", "_sum")
    return {key: value for key, value in samples.items() if value and not key[0].endswith(skipped)}


def test_an_operation_counts_once_and_its_cost_for_its_group() -> None:
    metrics = Metrics({"risk"})
    metrics.on_operation("Models#1", "OK", "risk", 0.02, 7)
    metrics.on_operation("Models#1", "FORBIDDEN", "somebody", 0.02, None)
    metrics.on_operation("Models#1", "OK", None, 0.02, 3)
    assert counted(metrics) == {
        series("sagegraph_requests_total", operation="Models#1", code="OK", group="risk"): 1,
        series("sagegraph_requests_total", operation="Models#1", code="FORBIDDEN", group="other"): 1,
        series("sagegraph_requests_total", operation="Models#1", code="OK", group="none"): 1,
        series("sagegraph_request_seconds_count", operation="Models#1"): 3,
        series("sagegraph_request_cost_total", group="risk"): 7,
        series("sagegraph_request_cost_total", group="none"): 3,
    }


def test_calls_waits_and_steps() -> None:
    metrics = Metrics()
    metrics.on_call("ListModels", "THROTTLED", 0.02)
    metrics.on_wait("ListModels", 0.5)
    metrics.on_step("import", "look", "OK", 3)
    metrics.on_errors("THROTTLED", 2)
    metrics.on_rollout("CANARY", "rolled_back")
    metrics.on_response("/graphql", 200)
    assert counted(metrics) == {
        series("sagegraph_aws_calls_total", operation="ListModels", outcome="THROTTLED"): 1,
        series("sagegraph_aws_call_seconds_count", operation="ListModels"): 1,
        series("sagegraph_rate_limiter_wait_seconds_count", operation="ListModels"): 1,
        series("sagegraph_durable_steps_total", workflow="import", step="look", outcome="OK"): 1,
        series("sagegraph_durable_step_seconds_count", workflow="import", step="look"): 1,
        series("sagegraph_request_errors_total", code="THROTTLED"): 2,
        series("sagegraph_rollouts_total", strategy="CANARY", outcome="rolled_back"): 1,
        series("sagegraph_http_responses_total", route="/graphql", status="200"): 1,
    }


def test_rollouts_are_told_from_the_start_so_that_the_first_one_shows() -> None:
    samples = parsed(generate_latest(Metrics().registry).decode())
    told = {key: value for key, value in samples.items() if key[0] == "sagegraph_rollouts_total"}
    assert (len(told), set(told.values())) == (12, {0})


def test_combinations_of_labels_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.observability.metrics.MAX_CHILDREN", 2)
    metrics = Metrics()
    for status in (200, 201, 202, 203, 200):
        metrics.on_response("/graphql", status)
    assert counted(metrics) == {
        series("sagegraph_http_responses_total", route="/graphql", status="200"): 2,
        series("sagegraph_http_responses_total", route="/graphql", status="201"): 1,
        series("sagegraph_http_responses_total", route="other", status="other"): 2,
    }


def test_the_groups_of_the_settings() -> None:
    permissions = [{"group": "*", "allow": ["READ"]}, {"group": "mlops", "allow": ["READ"], "over": ["risk"]}]
    assert groups_in(load_test_settings("http://127.0.0.1:1", permissions=permissions)) == {
        "gateway",
        "marketing",
        "mlops",
        "risk",
    }
