"""gateway.webhooks: what is signed wakes, whoever sends it and however often; all else is refused, and wakes nobody."""

import hashlib
import hmac
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from gateway.webhooks import MAX_WEBHOOK_BYTES
from tests.gateway_client import GatewayClient, OpenGateway

SECRET = "webhook-secret"
JIRA = {"url": "http://127.0.0.1:9", "user": "sagegraph@example.com", "token": "t", "project": "MLOPS"}
BODY = b'{"webhookEvent": "jira:issue_updated"}'

Open = Callable[..., AbstractAsyncContextManager[GatewayClient]]


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Hub-Signature": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


@pytest.fixture
def wakes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with each wake."""
    counted: list[int] = []
    monkeypatch.setattr("workflows.approvals.debounce.Debouncer.trigger", lambda _self: counted.append(1))
    return counted


def settings(**more: Any) -> dict[str, Any]:
    return {"deployments": {"approval": "jira"}, "jira": {**JIRA, "webhookSecret": SECRET, **more}}


async def test_a_signed_webhook_wakes_and_so_does_its_replay(open_gateway: OpenGateway, wakes: list[int]) -> None:
    async with open_gateway(**settings()) as gateway:
        answers = [await gateway.http.post("/webhooks/jira", content=BODY, headers=signed(BODY)) for _ in range(2)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b""), (204, b"")]
    assert wakes == [1, 1]


async def test_atlassians_own_example_of_a_signature(open_gateway: OpenGateway, wakes: list[int]) -> None:
    """https://developer.atlassian.com/cloud/jira/platform/webhooks/ gives it for whoever checks an implementation."""
    headers = {"X-Hub-Signature": "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"}
    async with open_gateway(**settings(webhookSecret="It's a Secret to Everybody")) as gateway:
        answer = await gateway.http.post("/webhooks/jira", content=b"Hello World!", headers=headers)
    assert answer.status_code == 204
    assert wakes == [1]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature": ""},
        {"X-Hub-Signature": "sha256="},
        {"X-Hub-Signature": "sha1=" + hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest()},
        {"X-Hub-Signature": signed(BODY)["X-Hub-Signature"].removeprefix("sha256=")},
        {"X-Hub-Signature": "sha256=" + "é" * 64},
        signed(BODY, "another secret"),
        signed(BODY + b" "),
        {"X-Forwarded-User": "ann", "X-Forwarded-Groups": "risk"},
    ],
)
async def test_what_is_not_signed_is_refused(
    open_gateway: OpenGateway, wakes: list[int], headers: dict[str, str]
) -> None:
    values = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    async with open_gateway(**settings()) as gateway:
        answer = await gateway.http.post("/webhooks/jira", content=BODY, headers=values)
    assert answer.status_code == 401
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert SECRET not in answer.text
    assert wakes == []


async def test_two_signatures_are_none(open_gateway: OpenGateway, wakes: list[int]) -> None:
    twice = [*signed(BODY).items(), *signed(BODY).items()]
    async with open_gateway(**settings()) as gateway:
        assert (await gateway.http.post("/webhooks/jira", content=BODY, headers=twice)).status_code == 401
    assert wakes == []


async def test_a_webhook_comes_from_anywhere(open_gateway: OpenGateway, wakes: list[int]) -> None:
    """Jira is no trusted peer, and bears no shared secret."""
    secret = {"header": "X-Gateway-Secret", "value": "another"}
    identity = {"trustedPeers": ["10.0.0.0/8"], "sharedSecret": secret}
    async with open_gateway(**settings(), identity=identity) as gateway:
        answer = await gateway.http.post("/webhooks/jira", content=BODY, headers=signed(BODY))
    assert answer.status_code == 204
    assert wakes == [1]


async def test_without_a_secret_there_is_no_such_path(open_gateway: OpenGateway, wakes: list[int]) -> None:
    for blocks in ({}, {"deployments": {"approval": "jira"}, "jira": JIRA}):
        async with open_gateway(**blocks) as gateway:
            answer = await gateway.http.post("/webhooks/jira", content=BODY, headers=signed(BODY))
        assert answer.status_code == 404
    assert wakes == []


async def test_only_what_is_posted_and_not_too_large(open_gateway: OpenGateway, wakes: list[int]) -> None:
    async with open_gateway(**settings()) as gateway:
        assert (await gateway.http.get("/webhooks/jira", headers=signed(b""))).status_code == 405
        large = b"x" * (MAX_WEBHOOK_BYTES + 1)
        refused = await gateway.http.post("/webhooks/jira", content=large, headers=signed(large))
        assert refused.status_code == 413
        assert "limits.bytes" not in refused.text
        assert (
            await gateway.http.post("/webhooks/jira", content=large[1:], headers=signed(large[1:]))
        ).status_code == 204
    assert wakes == [1]


async def test_a_jira_that_files_nothing_wakes_nobody(open_gateway: OpenGateway, wakes: list[int]) -> None:
    async with open_gateway(jira={**JIRA, "webhookSecret": SECRET}) as gateway:
        answer = await gateway.http.post("/webhooks/jira", content=BODY, headers=signed(BODY))
    assert answer.status_code == 404
    assert wakes == []
