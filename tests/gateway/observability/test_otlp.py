"""gateway.observability.otlp: what a collector is sent for a request and for durable work, over real HTTP."""

import logging
from collections.abc import Iterator

import pytest

from gateway.version import VERSION
from sandbox.server import Sandbox
from tests.gateway_client import RISK, OpenGateway
from tests.imports import IMPORT_SETTINGS, ask_import
from tests.trace_collector import TraceCollector, collecting

EXTERNAL_ID = b"sagegraph-risk-7f3a"
QUERY = "query Models($it: String) { models(filter: {nameContains: $it}) { nodes { snapshots { nodes { name } } } } }"
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.fixture
def collector() -> Iterator[TraceCollector]:
    with collecting() as collector:
        yield collector


async def test_a_request_is_one_trace(
    open_gateway: OpenGateway, estate: object, collector: TraceCollector, caplog: pytest.LogCaptureFixture
) -> None:
    """One span for the operation, below the client's own; one for each level; one for each call to AWS."""
    async with open_gateway(observability={"otlpEndpoint": collector.url}) as gateway:
        with caplog.at_level(logging.INFO, "sagegraph"):
            await gateway.ask(QUERY, {"it": "credit"}, headers={"traceparent": f"00-{TRACE}-{SPAN}-01"})
    assert set(collector.paths) == {"/v1/traces"}
    operation = collector.only("GraphQL Models")
    assert (operation.trace_id, operation.parent_id, operation.failed) == (TRACE, SPAN, False)
    assert operation.facts["sagegraph.group"] == "risk"
    assert operation.facts["cloud.region"] == RISK.region
    assert operation.facts["http.response.status_code"] == 200
    models, snapshots = collector.only("Query.models"), collector.only("Model.snapshots")
    assert (models.parent_id, snapshots.parent_id) == (operation.span_id, operation.span_id)
    assert snapshots.facts["sagegraph.parents"] > 1
    call = collector.only("ListModels")
    assert (call.parent_id, call.kind) == (models.span_id, 3)
    assert call.facts["rpc.method"] == "ListModels"
    assert call.facts["aws.request_id"]
    assert collector.named("DescribeEndpointConfig")
    assert {span.trace_id for span in collector.spans} == {TRACE}
    assert collector.process["service.name"] == "sagegraph"
    assert collector.process["service.version"] == VERSION
    (line,) = [one for one in caplog.records if one.message == "request"]
    assert line.__dict__["trace_id"] == TRACE


async def test_no_variable_no_role_and_no_secret_is_sent(
    open_gateway: OpenGateway, estate: object, collector: TraceCollector
) -> None:
    async with open_gateway(observability={"otlpEndpoint": collector.url}) as gateway:
        await gateway.ask(QUERY, {"it": "geheim"})
        await gateway.ask('{ model(name: "geheim") { name } }')
        await gateway.ask("query Geheim { modles(geheim: 1) }", {"geheim": {"a": "geheim"}})
    sent = b"".join(collector.bodies)
    assert len(collector.spans) > 5
    assert [word for word in (b"geheim", b"arn:aws", EXTERNAL_ID, b"ASIA") if word in sent] == []


async def test_failures_show_by_their_codes(
    open_gateway: OpenGateway, sandbox: Sandbox, collector: TraceCollector
) -> None:
    sandbox.faults.refuse("ListModels")
    async with open_gateway(observability={"otlpEndpoint": f"{collector.url}/"}) as gateway:
        answer = await gateway.ask("{ models { totalCount } }")
        await gateway.ask("{ modles }")
    call = collector.only("ListModels")
    assert (call.failed, call.facts["error.type"]) == (True, "FORBIDDEN")
    assert call.facts["aws.request_id"] == answer.error["extensions"]["awsRequestId"]
    operations = [span for span in collector.spans if span.kind == 2]
    assert [span.facts["error.type"] for span in operations] == ["FORBIDDEN", "BAD_USER_INPUT"]
    assert len({span.trace_id for span in operations}) == 2


async def test_a_caller_who_traces_nothing_is_not_traced(
    open_gateway: OpenGateway, sandbox: Sandbox, collector: TraceCollector
) -> None:
    async with open_gateway(observability={"otlpEndpoint": collector.url}) as gateway:
        await gateway.ask("{ models { totalCount } }", headers={"traceparent": f"00-{TRACE}-{SPAN}-00"})
        await gateway.http.get("/livez")
    assert collector.spans == []


async def test_a_step_is_a_trace_with_its_calls(
    open_working: OpenGateway, estate: object, collector: TraceCollector
) -> None:
    async with open_working(observability={"otlpEndpoint": collector.url}, **IMPORT_SETTINGS) as gateway:
        models = await gateway.ask("{ models(first: 1) { nodes { name } } }")
        name = models.data["models"]["nodes"][0]["name"]
        await ask_import(gateway, name)
    step = collector.only("step import/look")
    assert (step.parent_id, step.facts["sagegraph.workflow"], step.facts["sagegraph.outcome"]) == ("", "import", "OK")
    assert [span for span in collector.spans if span.parent_id == step.span_id and span.kind == 3]


async def test_a_collector_that_is_away_harms_nobody(
    open_gateway: OpenGateway, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.observability.otlp.EXPORT_SECONDS", 0.1)
    async with open_gateway(observability={"otlpEndpoint": "http://127.0.0.1:9"}) as gateway:
        assert (await gateway.ask("{ models { totalCount } }")).data == {"models": {"totalCount": 0}}
