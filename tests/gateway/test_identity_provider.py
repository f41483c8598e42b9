"""gateway.identity_provider: tokens over HTTP, through the whole application."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from gateway.identity_provider import create_token_identity
from gateway.settings.settings import from_mapping
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.auth.tokens.token_issuer import AUDIENCE, ISSUER, KID, SIGNER, KeyServer, SigningKey, claims, ec, serving
from tests.gateway_client import GatewayClient, GraphQLResponse, OpenGateway

ME = "{ me { subject groups group { name } } }"
MODELS = "{ models { totalCount } }"


@pytest.fixture
async def key_server() -> AsyncIterator[KeyServer]:
    async with serving() as server:
        yield server


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return ec(KID)


def jwt(key_server: KeyServer, **more: Any) -> dict[str, Any]:
    return {"mode": "jwt", "jwt": {"jwksUrl": f"{key_server.url}/jwks", "issuer": ISSUER, "audience": AUDIENCE}, **more}


def alb(key_server: KeyServer) -> dict[str, Any]:
    return {"mode": "alb", "alb": {"region": "us-east-2", "signer": SIGNER, "keysUrl": key_server.url}}


async def ask(gateway: GatewayClient, query: str, headers: Mapping[str, str]) -> GraphQLResponse:
    return await gateway.ask(query, user=None, headers=headers)


def bearer(token: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", **more}


def test_headers_need_nothing_opened() -> None:
    assert create_token_identity(from_mapping({}).identity) is None


async def test_a_token_is_answered_with_its_groups_role(
    open_gateway: OpenGateway, estate: Estate, key_server: KeyServer, key: SigningKey
) -> None:
    key_server.publish(key)
    async with open_gateway(identity=jwt(key_server)) as gateway:
        token = key.sign(claims(groups=["risk", "marketing"]))
        forged = {"X-Forwarded-User": "eve", "X-Forwarded-Groups": "admin"}
        me = await ask(gateway, "{ me { subject groups } models { totalCount } }", bearer(token, **forged))
        acting = await ask(gateway, MODELS, bearer(token, **{"X-Acting-Group": "marketing"}))
        foreign = await ask(gateway, MODELS, bearer(token, **{"X-Acting-Group": "mlops"}))
    assert me.data == {"me": {"subject": "alice", "groups": ["risk", "marketing"]}, "models": {"totalCount": 9}}
    assert acting.aws_extensions["role"] == "arn:aws:iam::333333333333:role/marketing"
    assert foreign.codes == ["FORBIDDEN"]
    assert key_server.asked == ["/jwks"]


async def test_a_load_balancers_token(
    open_gateway: OpenGateway, estate: Estate, key_server: KeyServer, key: SigningKey
) -> None:
    key_server.documents[f"/{KID}"] = key.pem
    async with open_gateway(identity=alb(key_server)) as gateway:
        token = key.sign(claims(groups=["risk"]), signer=SIGNER)
        answer = await ask(gateway, MODELS, {"x-amzn-oidc-data": token})
        other = await ask(gateway, MODELS, {"x-amzn-oidc-data": key.sign(claims(), signer=SIGNER + "0")})
        elsewhere = await ask(gateway, "{ me { subject } }", bearer(token))
    assert answer.data == {"models": {"totalCount": 9}}
    assert (other.status, other.codes) == (401, ["UNAUTHENTICATED"])
    assert elsewhere.data == {"me": None}
    assert key_server.asked == [f"/{KID}"]


async def test_without_a_token_a_request_is_anonymous(
    open_gateway: OpenGateway, sandbox: Sandbox, key_server: KeyServer
) -> None:
    async with open_gateway(identity=jwt(key_server)) as gateway:
        answer = await gateway.ask("{ me { subject } }", user="eve", groups=["risk"])
        models = await gateway.ask(MODELS, user="eve", groups=["risk"])
    assert (answer.status, answer.data) == (200, {"me": None})
    assert models.codes == ["UNAUTHENTICATED"]
    assert sandbox.calls.count() == 0
    assert key_server.asked == []


async def test_a_refused_token_is_401_and_its_content_is_nowhere(
    open_gateway: OpenGateway,
    sandbox: Sandbox,
    key_server: KeyServer,
    key: SigningKey,
    caplog: pytest.LogCaptureFixture,
) -> None:
    key_server.publish(key)
    forged = ec(KID)
    tokens = [key.sign(claims(sub="sub-geheim", exp=1)), forged.sign(claims(sub="sub-geheim")), "geheim.geheim.geheim"]
    with caplog.at_level(logging.DEBUG):
        async with open_gateway(identity=jwt(key_server)) as gateway:
            answers = [await ask(gateway, MODELS, bearer(token)) for token in tokens]
            good = key.sign(claims(sub="alice"))
            assert (await ask(gateway, "{ me { subject } }", bearer(good))).data == {"me": {"subject": "alice"}}
    assert [answer.status for answer in answers] == [401, 401, 401]
    kinds = [answer.error["message"].partition("(")[2].partition(":")[0] for answer in answers]
    assert kinds == ["expired", "signature", "malformed"]
    assert {answer.headers["www-authenticate"] for answer in answers} == {'Bearer error="invalid_token"'}
    for answer in answers:
        assert answer.error["extensions"] == {
            "code": "UNAUTHENTICATED",
            "requestId": answer.headers["x-request-id"],
        }
        assert "data" not in answer.body
    records = "".join(str(record.__dict__) for record in caplog.records)
    for token in [*tokens, good]:
        assert not [part for part in token.split(".")[1:] if part in records]
    assert "geheim" not in records
    assert sandbox.calls.count() == 0


async def test_a_token_given_twice_is_400(
    open_gateway: OpenGateway, sandbox: Sandbox, key_server: KeyServer, key: SigningKey
) -> None:
    key_server.publish(key)
    token = f"Bearer {key.sign(claims())}"
    async with open_gateway(identity=jwt(key_server)) as gateway:
        headers = [("Authorization", token), ("Authorization", token), ("Content-Type", "application/json")]
        response = await gateway.http.post("/graphql", json={"query": MODELS}, headers=headers)
    assert response.status_code == 400
    assert response.json()["errors"][0]["message"] == "The identity header `authorization` is given more than once."
    assert (sandbox.calls.count(), key_server.asked) == (0, [])


async def test_keys_that_cannot_be_had_are_503(
    open_gateway: OpenGateway, sandbox: Sandbox, key_server: KeyServer, key: SigningKey
) -> None:
    key_server.publish(key)
    key_server.status = 500
    async with open_gateway(identity=jwt(key_server)) as gateway:
        answers = await asyncio.gather(*(ask(gateway, MODELS, bearer(key.sign(claims()))) for _ in range(5)))
        anonymous = await ask(gateway, "{ me { subject } }", {})
    assert {(answer.status, *answer.codes) for answer in answers} == {(503, "UPSTREAM_UNAVAILABLE")}
    assert key_server.url not in str([answer.body for answer in answers])
    assert anonymous.data == {"me": None}
    assert (sandbox.calls.count(), len(key_server.asked)) == (0, 1)


async def test_nothing_stays_open(open_gateway: OpenGateway, key_server: KeyServer, key: SigningKey) -> None:
    """Even where keys were being fetched; leaked sockets would warn, and warnings fail."""
    key_server.is_held = True
    async with open_gateway(identity=jwt(key_server)) as gateway:
        waiting = asyncio.create_task(ask(gateway, MODELS, bearer(key.sign(claims()))))
        await key_server.asking.wait()
    assert (await waiting).status == 503
    gc.collect()
    assert not [task for task in asyncio.all_tasks() if "SingleFlight._run" in repr(task)]
