"""The seam between the web server and identity."""

import json
from collections.abc import Sequence
from ipaddress import ip_network
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from auth.caller import Caller
from auth.errors import AuthError, InvalidIdentityError, InvalidTokenError, TokenFault, VerificationKeysUnavailableError
from auth.headers import HeaderIdentityConfig
from auth.middleware import IdentityMiddleware, header_identity
from gateway.http_errors import error_response

RULES = HeaderIdentityConfig(trusted_peers=(ip_network("127.0.0.1/32"),))
Pairs = Sequence[tuple[bytes, bytes]]


class Application:
    """Remembers the scopes that reach it."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)


async def receive() -> Message:
    raise AssertionError("Nothing is read from a request that is refused.")


async def run(application: Application, **scope: Any) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await IdentityMiddleware(application, header_identity(RULES), error_response)(scope, receive, send)
    return sent


@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_the_caller_is_left_in_the_scope(kind: str) -> None:
    application = Application()
    headers = [(b"x-forwarded-user", b"alice"), (b"x-forwarded-groups", b"risk")]
    sent = await run(application, type=kind, headers=headers, client=("127.0.0.1", 4711))
    assert sent == []
    assert [scope["caller"] for scope in application.scopes] == [Caller("alice", ("risk",))]


@pytest.mark.parametrize("client", [("203.0.113.9", 1), None])
async def test_an_anonymous_request_goes_on_without_a_caller(client: tuple[str, int] | None) -> None:
    application = Application()
    assert await run(application, type="http", headers=[], client=client) == []
    assert [scope["caller"] for scope in application.scopes] == [None]


async def test_an_invalid_identity_is_answered_401_and_goes_no_further() -> None:
    application = Application()
    headers = [(b"x-forwarded-user", b"alice")]
    start, body = await run(application, type="http", headers=headers, client=("203.0.113.9", 1), request_id="r-1")
    assert application.scopes == []
    assert start["status"] == 401
    assert (b"content-type", b"application/json") in start["headers"]
    assert (b"cache-control", b"no-store") in start["headers"]
    assert (b"x-content-type-options", b"nosniff") in start["headers"]
    assert body["body"] == (
        b'{"errors":[{"message":"Identity headers came from a peer that is not among `identity.trustedPeers`.",'
        b'"extensions":{"code":"UNAUTHENTICATED","requestId":"r-1"}}]}'
    )


async def test_a_malformed_identity_is_answered_400_and_goes_no_further() -> None:
    application = Application()
    headers = [(b"x-forwarded-user", b"alice"), (b"x-forwarded-user", b"eve")]
    start, body = await run(application, type="http", headers=headers, client=("127.0.0.1", 1))
    assert application.scopes == []
    assert start["status"] == 400
    assert body["body"] == (
        b'{"errors":[{"message":"The identity header `x-forwarded-user` is given more than once.",'
        b'"extensions":{"code":"BAD_USER_INPUT","requestId":null}}]}'
    )


@pytest.mark.parametrize("peer", ["203.0.113.9", None])
async def test_a_websocket_is_closed_before_it_is_accepted(peer: str | None) -> None:
    application = Application()
    headers = [(b"x-forwarded-user", b"alice")]
    client = None if peer is None else (peer, 1)
    assert await run(application, type="websocket", headers=headers, client=client) == [
        {"type": "websocket.close", "code": 1008, "reason": ""}
    ]
    assert application.scopes == []


@pytest.mark.parametrize(
    ("error", "status", "code", "challenge"),
    [
        (InvalidTokenError(TokenFault.EXPIRED), 401, "UNAUTHENTICATED", b'Bearer error="invalid_token"'),
        (InvalidIdentityError("No."), 401, "UNAUTHENTICATED", b'TrustedProxy realm="SageGraph"'),
        (VerificationKeysUnavailableError("Not now."), 503, "UPSTREAM_UNAVAILABLE", None),
    ],
)
async def test_each_refusal_has_its_status(error: AuthError, status: int, code: str, challenge: bytes | None) -> None:
    async def identify(headers: Pairs, peer: str | None) -> Caller | None:
        raise error

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    application = Application()
    scope: Scope = {"type": "http", "headers": [], "client": None, "request_id": "r-1"}
    await IdentityMiddleware(application, identify, error_response)(scope, receive, send)
    start, body = sent
    assert application.scopes == []
    assert start["status"] == status
    assert dict(start["headers"]).get(b"www-authenticate") == challenge
    expected = {"message": str(error), "extensions": {"code": code, "requestId": "r-1"}}
    assert json.loads(body["body"]) == {"errors": [expected]}


async def test_other_scopes_pass_untouched() -> None:
    application = Application()
    assert await run(application, type="lifespan") == []
    assert application.scopes == [{"type": "lifespan"}]


async def test_any_way_of_identifying_can_be_used() -> None:
    value: list[tuple[Pairs, str | None]] = []

    async def identify(headers: Pairs, peer: str | None) -> Caller | None:
        value.append((headers, peer))
        return Caller("from-a-token", ())

    async def send(message: Message) -> None:
        raise AssertionError(message)

    application = Application()
    scope = {"type": "http", "headers": [(b"authorization", b"Bearer t")], "client": None}
    await IdentityMiddleware(application, identify, error_response)(scope, receive, send)
    assert value == [([(b"authorization", b"Bearer t")], None)]
    assert application.scopes[0]["caller"] == Caller("from-a-token", ())
