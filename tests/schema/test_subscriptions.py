"""schema.subscriptions: each field shows what its caller may see, as a query would, and is refused as a query is."""

import json
from collections.abc import AsyncIterator, Mapping

import pytest
from graphql import GraphQLNonNull

from aws.kinds.kind import Kind
from registry.ids import encode_own_id
from resolvers.node_ids import NodeId
from sandbox.estate import Estate
from sandbox.server import Sandbox
from schema.build import build_schema
from tests.gateway_client import RISK
from tests.idle_engine import IdleEngine
from tests.live.subscribers import ServedGateway, event_stream, served_gateway, socket

RUNTIME = NodeId(Kind.RUNTIME, "risk", RISK.account, RISK.region, "credit-risk-scorer-staging").encode()
JOB = NodeId(Kind.TRANSFORM_JOB, "risk", RISK.account, RISK.region, "none").encode()
FIELDS: Mapping[str, str] = {
    "importRunChanged": f'importRunChanged(id: "{encode_own_id("ImportRun", "0" * 32)}") {{ at }}',
    "jobChanged": f'jobChanged(ids: ["{JOB}"]) {{ at }}',
    "runtimeChanged": f'runtimeChanged(ids: ["{RUNTIME}"]) {{ at }}',
    "deploymentChanged": f'deploymentChanged(ids: ["{encode_own_id("Deployment", "0" * 32)}"]) {{ at }}',
    "deploymentsChanged": "deploymentsChanged { at }",
}
SECRETS = "runtime { models { containers { environment { key value } } } }"
PERMISSIONS = [
    {"group": "risk", "allow": ["READ"]},
    {"group": "auditors", "allow": ["READ", "SEE_SECRETS"], "over": ["risk"]},
    {"group": "makers", "allow": ["IMPORT", "CREATE_JOBS", "DEPLOY_WITHOUT_APPROVAL", "SEE_SECRETS"], "over": ["risk"]},
]


@pytest.fixture
async def gateway(sandbox: Sandbox, estate: Estate, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ServedGateway]:
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)
    async with served_gateway(sandbox.url, permissions=PERMISSIONS) as served:
        yield served


def test_every_field_is_tested_and_may_be_null() -> None:
    """An error of one event must not end the others."""
    schema = build_schema()._schema
    assert schema.subscription_type is not None
    assert set(schema.subscription_type.fields) == set(FIELDS)
    for field in schema.subscription_type.fields.values():
        assert not isinstance(field.type, GraphQLNonNull)


@pytest.mark.parametrize(
    ("user", "groups", "code"),
    [
        (None, (), "UNAUTHENTICATED"),
        ("eve", (), "FORBIDDEN"),
        ("eve", ("unknown",), "FORBIDDEN"),
        ("mia", ("makers",), "FORBIDDEN"),
    ],
)
async def test_who_may_not_read_hears_of_nothing(
    gateway: ServedGateway, sandbox: Sandbox, user: str | None, groups: tuple[str, ...], code: str
) -> None:
    for text in FIELDS.values():
        async with event_stream(gateway.client.http, f"subscription {{ {text} }}", user=user, groups=groups) as events:
            body = await events.next()
            assert [error["extensions"]["code"] for error in body["errors"]] == [code], text
            assert await events.event() == ("complete", None)
    await gateway.quiet()
    assert sandbox.calls.by_operation() == {}


@pytest.mark.parametrize("by_socket", [False, True])
async def test_secrets_are_for_who_may_see_them(gateway: ServedGateway, by_socket: bool) -> None:
    query = f'subscription {{ runtimeChanged(ids: ["{RUNTIME}"]) {{ {SECRETS} }} }}'
    if by_socket:
        async with socket(gateway.url) as client:
            await client.start()
            await client.subscribe("1", query)
            body = await client.next("1")
    else:
        async with event_stream(gateway.client.http, query) as events:
            body = await events.next()
    text = json.dumps(body)
    assert "FEATURE_STORE_API_KEY" in text
    assert "not-a-real-key" not in text
    await gateway.quiet()
