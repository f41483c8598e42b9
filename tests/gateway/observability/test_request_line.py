"""gateway.observability.request_line: what a request's line tells, and what it moves."""

import logging
from typing import Any

import pytest

from gateway.observability.documents import DocumentNames
from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, RISK, GatewayClient, OpenGateway
from tests.scrapes import moved, scrape, series

MODELS = "query Models { models { nodes { name } } }"
COSTLY = "{ models(first: 100) { nodes { snapshots(first: 100) { nodes { runtimes { nodes { id } } } } } } }"
NAME = DocumentNames().name(MODELS)


def line(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    """The line of the only request to /graphql."""
    (record,) = [one for one in caplog.records if one.message == "request" and one.__dict__["path"] == "/graphql"]
    return record.__dict__


def of_requests(changes: Any) -> dict[Any, float]:
    names = ("sagegraph_requests_total", "sagegraph_request_errors_total", "sagegraph_request_seconds_count")
    return {key: value for key, value in changes.items() if key[0] in names}


async def test_an_answer(gateway: GatewayClient, estate: object, caplog: pytest.LogCaptureFixture) -> None:
    before = await scrape(gateway)
    with caplog.at_level(logging.INFO, "sagegraph"):
        await gateway.ask(MODELS)
    told = line(caplog)
    assert {key: told[key] for key in ("operation", "document", "group", "role", "region", "cost", "aws_calls")} == {
        "operation": "Models",
        "document": NAME,
        "group": "risk",
        "role": RISK.role_arn,
        "region": RISK.region,
        "cost": 50,
        "aws_calls": 1,
    }
    assert (told["throttled"], "codes" in told) == (0, False)
    assert of_requests(moved(before, await scrape(gateway))) == {
        series("sagegraph_requests_total", operation=NAME, code="OK", group="risk"): 1,
        series("sagegraph_request_seconds_count", operation=NAME): 1,
    }


async def test_a_failed_call_is_told_with_awss_request_id(
    gateway: GatewayClient, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.faults.refuse("ListModels")
    before = await scrape(gateway)
    with caplog.at_level(logging.INFO, "sagegraph"):
        answer = await gateway.ask(MODELS)
    told = line(caplog)
    assert told["codes"] == {"FORBIDDEN": 1}
    assert told["aws_request_ids"] == [answer.error["extensions"]["awsRequestId"]]
    assert of_requests(moved(before, await scrape(gateway))) == {
        series("sagegraph_requests_total", operation=NAME, code="FORBIDDEN", group="risk"): 1,
        series("sagegraph_request_seconds_count", operation=NAME): 1,
        series("sagegraph_request_errors_total", code="FORBIDDEN"): 1,
    }


async def test_a_refused_role_is_told_with_its_group(
    gateway: GatewayClient, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.faults.refuse("AssumeRole")
    with caplog.at_level(logging.INFO, "sagegraph"):
        await gateway.ask(MODELS, groups=["marketing"])
    told = line(caplog)
    assert (told["group"], told["role"], told["region"]) == ("marketing", MARKETING.role_arn, None)
    assert told["codes"] == {"FORBIDDEN": 1}


@pytest.mark.parametrize(
    ("query", "code", "label"),
    [
        ("{ modles }", "BAD_USER_INPUT", "refused"),
        ("{", "BAD_USER_INPUT", "refused"),
        ("query Geheim { modles }", "BAD_USER_INPUT", "refused"),
        ("", "BAD_USER_INPUT", "none"),
        (COSTLY, "LIMIT_EXCEEDED", "refused"),
    ],
)
async def test_a_refused_document_has_no_label_of_its_own(
    gateway: GatewayClient, caplog: pytest.LogCaptureFixture, query: str, code: str, label: str
) -> None:
    before = await scrape(gateway)
    with caplog.at_level(logging.INFO, "sagegraph"):
        await gateway.ask(query)
    told = line(caplog)
    assert (set(told["codes"]), told["operation"], "Geheim" in str(told)) == ({code}, None, False)
    changes = of_requests(moved(before, await scrape(gateway)))
    assert changes[series("sagegraph_requests_total", operation=label, code=code, group="none")] == 1
    assert len([key for key in changes if key[0] == "sagegraph_requests_total"]) == 1


async def test_a_refused_request_tells_its_code(gateway: GatewayClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "sagegraph"):
        response = await gateway.http.post("/graphql", content=b"query", headers={"content-type": "text/plain"})
    told = line(caplog)
    assert (response.status_code, told["status"], told["codes"]) == (415, 415, {"BAD_USER_INPUT": 1})
    assert (told["operation"], told["document"], told["cost"], told["group"]) == (None, None, None, None)


async def test_an_anonymous_document_has_no_label_of_its_own(gateway: GatewayClient) -> None:
    before = await scrape(gateway)
    await gateway.ask(MODELS, user=None)
    changes = of_requests(moved(before, await scrape(gateway)))
    assert series("sagegraph_requests_total", operation="other", code="UNAUTHENTICATED", group="none") in changes


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/livez", "/livez"),
        ("/nowhere/at/all", "other"),
        ("/webhooks/x", "/webhooks/…"),
        ("/graphql/assets/x", "/graphql/…"),
    ],
)
async def test_routes_are_bounded(gateway: GatewayClient, path: str, route: str) -> None:
    before = await scrape(gateway)
    status = (await gateway.http.get(path)).status_code
    changes = moved(before, await scrape(gateway))
    assert changes[series("sagegraph_http_responses_total", route=route, status=str(status))] == 1
    assert not [key for key in changes if key[0] == "sagegraph_requests_total"]


async def test_a_trusted_document_is_told_by_its_id(
    open_gateway: OpenGateway, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "models.graphql").write_text(MODELS, encoding="utf-8")
    async with open_gateway(documents={"mode": "allow", "path": str(tmp_path)}) as gateway:
        with caplog.at_level(logging.INFO, "sagegraph"):
            await gateway.ask(MODELS)
        samples = await scrape(gateway)
    assert (line(caplog)["document"], line(caplog)["operation"]) == ("models", "Models")
    assert samples[series("sagegraph_requests_total", operation="models", code="OK", group="risk")] == 1
