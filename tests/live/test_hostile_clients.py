"""Hostile callers, each over HTTP against a gateway that listens: none gets anything, and AWS is not even asked."""

import asyncio
import logging
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from aws.kinds.kind import Kind
from gateway.server import server_url
from resolvers.node_ids import NodeId
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.auth.tokens.token_issuer import (
    AUDIENCE,
    ISSUER,
    KID,
    SIGNER,
    KeyServer,
    SigningKey,
    claims,
    ec,
    rsa,
    serving,
)
from tests.gateway_client import MARKETING, RISK, GatewayClient, GraphQLResponse, identity_headers
from tests.live.conftest import listening

QUERY = "{ models { nodes { name } } }"
SECRET = "proxy-secret-that-nobody-guesses"
ANN = identity_headers("ann", ["risk"])
WITH_SECRET = {"identity": {"sharedSecret": {"header": "X-Gateway-Secret", "value": SECRET}}}


async def post(gateway: GatewayClient, headers: list[tuple[str, str]], query: str = QUERY) -> httpx.Response:
    return await gateway.http.post("/graphql", json={"query": query}, headers=headers)


def codes(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json()["errors"]]


FORGED: dict[str, tuple[list[tuple[str, str]], int, str]] = {
    "user twice": ([*ANN.items(), ("X-Forwarded-User", "bob")], 400, "BAD_USER_INPUT"),
    "groups twice": ([*ANN.items(), ("x-forwarded-groups", "marketing")], 400, "BAD_USER_INPUT"),
    "underscores": ([*ANN.items(), ("X_Forwarded_Groups", "marketing")], 400, "BAD_USER_INPUT"),
    "mixed underscores": ([("X-Forwarded_User", "ann"), ("X-Forwarded-Groups", "risk")], 400, "BAD_USER_INPUT"),
    "hop by hop": ([*ANN.items(), ("Connection", "close, X-Forwarded-Groups")], 400, "BAD_USER_INPUT"),
    "the wildcard as a group": ([("X-Forwarded-User", "ann"), ("X-Forwarded-Groups", "*")], 400, "BAD_USER_INPUT"),
    "the gateway's own name": (
        [("X-Forwarded-User", "sagegraph"), ("X-Forwarded-Groups", "risk")],
        401,
        "UNAUTHENTICATED",
    ),
    "invisible": ([("X-Forwarded-User", "ann\u200b"), ("X-Forwarded-Groups", "risk")], 400, "BAD_USER_INPUT"),
    "no user": ([("X-Forwarded-Groups", "risk")], 200, "UNAUTHENTICATED"),
    "an empty user": ([("X-Forwarded-User", ""), ("X-Forwarded-Groups", "risk")], 200, "UNAUTHENTICATED"),
    "no groups": ([("X-Forwarded-User", "ann")], 200, "FORBIDDEN"),
    "a group in another case": ([("X-Forwarded-User", "ann"), ("X-Forwarded-Groups", "Risk")], 200, "FORBIDDEN"),
    "a foreign acting group": ([*ANN.items(), ("X-Acting-Group", "marketing")], 200, "FORBIDDEN"),
    "somebody else's address": ([("X-Forwarded-For", "127.0.0.1")], 200, "UNAUTHENTICATED"),
}


@pytest.mark.parametrize("attack", FORGED)
async def test_forged_identity_headers(live: GatewayClient, sandbox: Sandbox, estate: Estate, attack: str) -> None:
    headers, status, code = FORGED[attack]
    encoded = [(name, value.encode()) for name, value in headers]
    response = await live.http.post("/graphql", json={"query": QUERY}, headers=encoded)  # type: ignore[arg-type]  # httpx takes bytes.
    assert (response.status_code, codes(response)) == (status, [code])
    assert response.json().get("data") in (None, {"models": None})
    assert sandbox.calls.count() == 0


@pytest.mark.parametrize("value", [{}, {"X-Gateway-Secret": "guess"}, {"X-Gateway-Secret": SECRET + "x"}])
async def test_identity_without_the_proxys_secret(sandbox: Sandbox, estate: Estate, value: dict[str, str]) -> None:
    async with listening(sandbox.url, **WITH_SECRET) as (_, gateway):
        response = await post(gateway, [*ANN.items(), *value.items()])
    assert (response.status_code, codes(response)) == (401, ["UNAUTHENTICATED"])
    assert SECRET not in response.text
    assert sandbox.calls.count() == 0


async def test_a_peer_that_is_not_trusted(sandbox: Sandbox, estate: Estate) -> None:
    async with listening(sandbox.url, identity={"trustedPeers": ["10.1.2.3/32"]}) as (_, gateway):
        response = await post(gateway, [*ANN.items(), ("X-Forwarded-For", "10.1.2.3"), ("Forwarded", "for=10.1.2.3")])
    assert (response.status_code, codes(response)) == (401, ["UNAUTHENTICATED"])
    assert sandbox.calls.count() == 0


async def test_identity_in_trailers(sandbox: Sandbox, estate: Estate) -> None:
    body = b'{"query": "{ me { subject groups } }"}'
    async with listening(sandbox.url) as (running, _):
        host, port = server_url(running).removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            b"POST /graphql HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"X-Forwarded-User: ann\r\nTransfer-Encoding: chunked\r\nTrailer: X-Forwarded-Groups\r\n\r\n"
            + b"%x\r\n%b\r\n0\r\nX-Forwarded-Groups: risk\r\n\r\n"
            % (len(body), body)
        )
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
    assert b'"groups":[]' in answer
    assert sandbox.calls.count() == 0


async def test_what_belongs_to_another_group(live: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    """Ids, names, regions, cursors and the group argument of marketing, tried by somebody of risk."""
    response = await live.ask("{ models(first: 1) { nodes { id name } pageInfo { endCursor } } }", groups=["marketing"])
    (model,) = response.data["models"]["nodes"]
    cursor = response.data["models"]["pageInfo"]["endCursor"]
    sandbox.calls.clear()
    node = await live.ask("query($id: ID!) { node(id: $id) { id } }", {"id": model["id"]})
    assert (node.body["data"], node.codes) == ({"node": None}, ["FORBIDDEN"])
    group = await live.ask('{ models(group: "marketing") { nodes { name } } }')
    assert (group.body["data"], group.codes) == ({"models": None}, ["FORBIDDEN"])
    region = await live.ask(f'{{ models(region: "{MARKETING.region}") {{ nodes {{ name }} }} }}')
    assert (region.body["data"], region.codes) == ({"models": None}, ["BAD_USER_INPUT"])
    page = await live.ask("query($c: String) { models(after: $c) { nodes { name } } }", {"c": cursor})
    assert (page.body["data"], page.codes) == ({"models": None}, ["BAD_USER_INPUT"])
    assert sandbox.calls.count(account=MARKETING.account) == 0
    name = await live.ask("query($n: String!) { model(name: $n) { name } }", {"n": model["name"]})
    assert name.data == {"model": None}
    assert {call.account for call in sandbox.calls.recent("DescribeModel")} == {RISK.account}


IDS = {
    "another account": NodeId(Kind.MODEL, "risk", "999999999999", RISK.region, "fraud-detection-v12").encode(),
    "another region": NodeId(Kind.MODEL, "risk", RISK.account, "us-east-1", "fraud-detection-v12").encode(),
    "no kind": urlsafe_b64encode(f"Secret:{RISK.account}:{RISK.region}:x".encode()).decode().rstrip("="),
    "an ARN": urlsafe_b64encode(b"arn:aws:sagemaker:eu-west-1:222222222222:model/x").decode(),
    "nothing": "",
    "much": "A" * 5000,
}


@pytest.mark.parametrize("item", IDS)
async def test_ids_that_nobody_was_given(live: GatewayClient, sandbox: Sandbox, estate: Estate, item: str) -> None:
    answer = await live.ask("query($id: ID!) { node(id: $id) { id } }", {"id": IDS[item]})
    assert answer.body["data"] == {"node": None}
    assert answer.codes in (["FORBIDDEN"], ["BAD_USER_INPUT"])
    assert sandbox.calls.count() == 0


async def test_two_groups_at_once_see_each_their_own(live: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    """The very same questions of two roles in the same moments: what one has found is nothing to the other."""
    names = "{ models(first: 100) { nodes { name accountId containers { environment { value redacted } } } } }"
    asked = [live.ask(names, user=f"u{n}", groups=[("risk", "marketing")[n % 2]]) for n in range(24)]
    answers = await asyncio.gather(*asked)
    for number, answer in enumerate(answers):
        models = answer.data["models"]["nodes"]
        assert {model["accountId"] for model in models} == {(RISK, MARKETING)[number % 2].account}
        values = [item for model in models for container in model["containers"] for item in container["environment"]]
        assert values
        assert {(value["value"], value["redacted"]) for value in values} == {(None, True)}
    assert sandbox.calls.count("ListModels") == 2


@asynccontextmanager
async def with_tokens(sandbox: Sandbox, mode: str) -> AsyncIterator[tuple[GatewayClient, SigningKey]]:
    """A gateway that believes the tokens of one issuer, and that issuer's key."""
    key = ec(KID)
    async with serving() as keys:
        keys.publish(key)
        keys.documents[f"/{KID}"] = key.pem
        async with listening(sandbox.url, identity=settings_of(mode, keys)) as (_, gateway):
            yield gateway, key


def settings_of(mode: str, keys: KeyServer) -> Mapping[str, Any]:
    if mode == "jwt":
        return {"mode": "jwt", "jwt": {"jwksUrl": f"{keys.url}/jwks", "issuer": ISSUER, "audience": AUDIENCE}}
    return {"mode": "alb", "alb": {"region": "us-east-2", "signer": SIGNER, "keysUrl": keys.url}}


def tokens(key: SigningKey) -> dict[str, str]:
    """What an attacker can make: of another issuer, for others, with other keys, altered, or for ever."""
    good = key.sign(claims(groups=["risk"]))
    head, _, rest = good.partition(".")
    return {
        "another issuer": key.sign(claims(groups=["risk"], iss="https://elsewhere.example")),
        "another audience": key.sign(claims(groups=["risk"], aud="somebody-else")),
        "another key under the same id": ec(KID).sign(claims(groups=["risk"])),
        "another algorithm": rsa(KID).sign(claims(groups=["risk"])),
        "expired": key.sign(claims(groups=["risk"], exp=1)),
        "unsigned": good.rpartition(".")[0] + ".",
        "altered": f"{head}.{rest[:10]}{'A' if rest[10] != 'A' else 'B'}{rest[11:]}",
        "no token": "not.a.token",
    }


@pytest.mark.parametrize("attack", sorted(tokens(ec(KID))))
async def test_tokens_that_are_not_to_be_believed(
    sandbox: Sandbox, estate: Estate, attack: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with with_tokens(sandbox, "jwt") as (gateway, key):
            token = tokens(key)[attack]
            response = await post(gateway, [("Authorization", f"Bearer {token}"), *ANN.items()])
    assert (response.status_code, codes(response)) == (401, ["UNAUTHENTICATED"])
    assert token not in response.text + caplog.text
    assert sandbox.calls.count() == 0


@pytest.mark.parametrize("signer", [None, SIGNER + "0", SIGNER.replace("us-east-2", "us-east-1")])
async def test_another_load_balancers_token(sandbox: Sandbox, estate: Estate, signer: str | None) -> None:
    async with with_tokens(sandbox, "alb") as (gateway, key):
        extra = {} if signer is None else {"signer": signer}
        response = await post(gateway, [("x-amzn-oidc-data", key.sign(claims(groups=["risk"]), **extra)), *ANN.items()])
    assert (response.status_code, codes(response)) == (401, ["UNAUTHENTICATED"])
    assert sandbox.calls.count() == 0


async def test_secrets_are_in_no_answer_and_no_log(
    sandbox: Sandbox, estate: Estate, caplog: pytest.LogCaptureFixture
) -> None:
    """Everything goes wrong that can, with IAM counting, and the whole log is looked through.

    botocore tells at DEBUG of all that it sends, so `gateway.logging_setup` never lets it; here it is too.
    """
    sandbox.enforce()
    responses: list[GraphQLResponse] = []
    with (
        caplog.at_level(logging.DEBUG),
        caplog.at_level(logging.WARNING, "botocore"),
        caplog.at_level(logging.WARNING, "aiobotocore"),
    ):
        async with listening(sandbox.url, **WITH_SECRET) as (_, gateway):
            headers = {"X-Gateway-Secret": SECRET}
            for trouble in ("refuse", "drop", "fail", "throttle"):
                getattr(sandbox.faults, trouble)("DescribeModel", times=3)
                responses.append(
                    await gateway.ask("{ models { nodes { containers { environment { value } } } } }", headers=headers)
                )
                sandbox.faults.clear()
            sandbox.faults.fail(
                "ListEndpoints", status=400, code="InvalidSignatureException", message="x-amz-security-token:IQoJ"
            )
            responses.append(await gateway.ask("{ runtimes { nodes { name } } }", headers=headers))
            responses.append(
                await gateway.ask(
                    "query($s: Int) { models(first: $s) { totalCount } }", {"s": "geheim-123"}, headers=headers
                )
            )
    everything = caplog.text + "".join(str(answer.body) for answer in responses)
    for secret in (SECRET, estate.secret_access_key, str(RISK.external_id), "IQoJ", "geheim-123", "Credential="):
        assert secret not in everything
