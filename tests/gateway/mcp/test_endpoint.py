"""gateway.mcp.endpoint: the SDK's own client lists and calls the tools as its caller, and sees no more than that."""

import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway.mcp.test_tools import QUESTIONS, STOP
from tests.gateway_client import RISK, assume_role_entry, credential_settings, identity_headers
from tests.live.subscribers import ServedGateway, served_gateway

PERMISSIONS = [
    {"group": "*", "allow": ["READ"]},
    {"group": "risk", "allow": ["IMPORT", "CREATE_JOBS", "AUDIT"]},
]
MODES = ["auto", "legacy"]


@pytest.fixture
async def gateway(sandbox: Sandbox, estate: Estate, sqlite_url: str) -> AsyncIterator[ServedGateway]:
    """A gateway with tools."""
    async with served(sandbox, sqlite_url, {"enabled": True}) as gateway:
        yield gateway


def served(sandbox: Sandbox, sqlite_url: str, mcp: Mapping[str, bool], **blocks: Any) -> Any:
    credentials = credential_settings(assume_role_entry(RISK))
    settings = {"permissions": PERMISSIONS, "database": {"url": sqlite_url}, "mcp": mcp, **credentials, **blocks}
    return served_gateway(sandbox.url, **settings)


@asynccontextmanager
async def client(
    gateway: ServedGateway, user: str, *groups: str, mode: Any = "auto", acting: str | None = None
) -> AsyncIterator[Client]:
    """The SDK's client, as this caller."""
    async with httpx2.AsyncClient(headers=identity_headers(user, groups, acting)) as http:
        transport = streamable_http_client(f"{gateway.url}/mcp", http_client=http)
        async with Client(transport, mode=mode, cache=None) as session:
            yield session


async def called(session: Client, name: str, arguments: dict[str, Any] | None = None) -> tuple[bool, Any]:
    """Whether a call failed, and its answer."""
    result = await session.call_tool(name, arguments)
    (content,) = result.content
    return result.is_error, json.loads(content.text)  # type: ignore[union-attr]  # Text is all that there is.


@pytest.mark.parametrize("mode", MODES)
async def test_a_foreign_client_lists_and_calls(gateway: ServedGateway, sandbox: Sandbox, mode: str) -> None:
    async with client(gateway, "ann", "risk", mode=mode) as session:
        listed = (await session.list_tools()).tools
        assert {tool.name for tool in listed} == QUESTIONS
        assert [tool.name for tool in listed if not (tool.annotations and tool.annotations.read_only_hint)] == []
        assert sum(len(tool.model_dump_json(exclude_none=True, by_alias=True)) for tool in listed) <= 20_000
        failed, answer = await called(session, "where_is_model_served", {"model": "fraud-detection-v12"})
        assert (failed, answer.keys()) == (False, {"data"})
        model = answer["data"]["model"]
        assert [runtime["name"] for runtime in model["runtimes"]["nodes"]] == ["fraud-detection"]
        assert sandbox.calls.count("DescribeModel") == 1


async def test_each_tool_answers(gateway: ServedGateway) -> None:
    model, since = {"model": "fraud-detection-v12"}, {"since": "2020-01-01T00:00:00Z"}
    arguments: dict[str, dict[str, Any]] = {
        "find_by_name": {"text": "FRAUD"},
        "what_changed": since,
        "what_went_wrong": since,
        "what_would_an_import_do": model,
        "where_is_model_served": model,
        "why_is_job_of_model": model,
    }
    async with client(gateway, "ann", "risk") as session:
        for name in sorted(QUESTIONS):
            failed, answer = await called(session, name, arguments.get(name, {}))
            assert (failed, answer.keys()) == (False, {"data"}), (name, answer)


async def test_a_caller_sees_no_more_than_their_role(
    gateway: ServedGateway, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """Whose role may not describe endpoints is told so beside the rest; whose group has no AUDIT has no such tool."""
    for operation in ("DescribeEndpoint", "ListInferenceComponents"):
        sandbox.faults.refuse(operation)
    async with client(gateway, "bob", "other") as session:
        assert "who_did_what" not in {tool.name for tool in (await session.list_tools()).tools}
        failed, answer = await called(session, "who_did_what")
        assert (failed, [error["extensions"]["code"] for error in answer["errors"]]) == (True, ["FORBIDDEN"])
        failed, answer = await called(session, "find_by_name", {"text": "fraud"})
        assert (failed, {error["extensions"]["code"] for error in answer["errors"]}) == (True, {"FORBIDDEN"})
    async with client(gateway, "ann", "risk") as session:
        with caplog.at_level(logging.INFO, "sagegraph.requests"):
            failed, answer = await called(session, "where_is_model_served", {"model": "fraud-detection-v12"})
        assert not failed
        assert answer["data"]["model"]["name"] == "fraud-detection-v12"
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}
        runtimes = answer["data"]["model"]["runtimes"]
        assert runtimes["nodes"] == []
        assert runtimes["unreadableCount"] > 0
    (line,) = [record.__dict__ for record in caplog.records if record.__dict__.get("document")]
    assert (line["path"], line["document"], line["caller"]) == ("/mcp", "mcp/where_is_model_served", "ann")
    assert (line["group"], line["codes"]) == ("risk", {"FORBIDDEN": len(answer["errors"])})
    metrics = (await gateway.client.http.get("/metrics")).text
    assert 'operation="mcp/where_is_model_served"' in metrics


async def test_wrong_calls_are_told(gateway: ServedGateway) -> None:
    async with client(gateway, "ann", "risk") as session:
        for name, arguments in (("approve", {}), ("who_am_i", {"admin": True})):
            with pytest.raises(MCPError):
                await session.call_tool(name, arguments)
        failed, answer = await called(session, "where_is_model_served", {})
        assert (failed, answer["errors"][0]["extensions"]["code"]) == (True, "BAD_USER_INPUT")
        failed, answer = await called(session, "who_am_i")
        assert (failed, answer["data"]["me"]["subject"]) == (False, "ann")


@pytest.mark.parametrize("mode", MODES)
async def test_a_group_that_is_not_the_callers_is_refused(gateway: ServedGateway, mode: str) -> None:
    async with client(gateway, "ann", "risk", mode=mode, acting="other") as session:
        with pytest.raises(MCPError) as refused:
            await session.list_tools()
    assert refused.value.error.data["code"] == "FORBIDDEN"


@pytest.mark.parametrize("mode", MODES)
async def test_an_unexpected_error_is_masked(
    gateway: ServedGateway, mode: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> bool:
        raise RuntimeError("AKIASECRET")

    monkeypatch.setattr("gateway.mcp.endpoint.may_use", broken)
    async with client(gateway, "ann", "risk", mode=mode) as session:
        with pytest.raises(MCPError) as failed:
            await session.list_tools()
    assert "AKIASECRET" not in str(failed.value)
    assert failed.value.error.data["code"] == "INTERNAL"
    (record,) = [record for record in caplog.records if record.exc_info]
    assert record.__dict__["request_id"] == failed.value.error.data["requestId"]


async def test_limits_of_callers_hold(sandbox: Sandbox, estate: Estate, sqlite_url: str) -> None:
    limits = {"callers": {"costPerMinute": 100}}
    async with (
        served(sandbox, sqlite_url, {"enabled": True}, limits=limits) as gateway,
        client(gateway, "ann", "risk") as session,
    ):
        failed, answer = await called(session, "what_changed", {"since": "2020-01-01T00:00:00Z", "first": 100})
        assert (failed, answer["errors"][0]["extensions"]["code"]) == (True, "LIMIT_EXCEEDED")
        assert sandbox.calls.count("ListModels") == 0


async def test_mutations_are_audited(sandbox: Sandbox, estate: Estate, sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "stop.graphql").write_text(STOP)
    documents = {"mode": "only", "path": str(tmp_path)}
    async with served(sandbox, sqlite_url, {"enabled": True, "mutations": True}, documents=documents) as gateway:
        async with client(gateway, "ann", "risk") as session:
            (stop,) = [tool for tool in (await session.list_tools()).tools if tool.name == "stop_job"]
            assert stop.annotations
            assert stop.annotations.read_only_hint is False
            wanted = {"input": {"type": "TRAINING", "name": "nothing"}}
            failed, answer = await called(session, "stop_job", wanted)
            assert (failed, len(answer["data"]["stopJob"]["userErrors"])) == (False, 1)
            _, answer = await called(session, "who_did_what")
            (event,) = answer["data"]["auditEvents"]["nodes"]
            assert (event["actor"], event["action"], event["outcome"]) == ("ann", "stopJob", "FAILED")
        async with client(gateway, "bob", "other") as session:
            assert "stop_job" not in {tool.name for tool in (await session.list_tools()).tools}
            failed, answer = await called(session, "stop_job", wanted)
            assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert sandbox.calls.count("StopTrainingJob") == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (identity_headers(None), 401),
        ({**identity_headers("ann", ["risk"]), "Origin": "http://evil.example"}, 403),
        # A page that has rebound its name: its origin is the host that it asks.
        ({**identity_headers("ann", ["risk"]), "Origin": "http://evil.example", "Host": "evil.example"}, 403),
    ],
)
async def test_nobody_and_foreign_pages_are_refused(
    gateway: ServedGateway, headers: Mapping[str, str], status: int
) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
    refused = await gateway.client.http.post("/mcp", json=body, headers={**accept, **headers})
    assert refused.status_code == status
    assert refused.json()["errors"][0]["extensions"]["code"] in {"UNAUTHENTICATED", "FORBIDDEN"}


async def test_there_is_no_session_to_open(gateway: ServedGateway) -> None:
    for method in ("GET", "DELETE"):
        answer = await gateway.client.http.request(method, "/mcp", headers=identity_headers("ann", ["risk"]))
        assert answer.status_code == 405


async def test_off_by_default(sandbox: Sandbox, sqlite_url: str) -> None:
    async with served(sandbox, sqlite_url, {}) as gateway:
        assert (await gateway.client.http.post("/mcp", json={})).status_code == 404
        assert (await gateway.client.ask("{ me { subject } }")).data["me"]["subject"] == "ann"
