"""A small STS that does as it is told: it counts its calls, and can be slow, refuse, fail, and give short sessions."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

REQUEST_ID = "5c1a2f3e-fake"
START = datetime(2030, 1, 1, tzinfo=UTC)


class Clock:
    """A time that only moves when told to."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **span: float) -> None:
        self.time += timedelta(**span)


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in; `access_key` is the one that signed it."""

    operation: str
    arguments: dict[str, str]
    access_key: str | None
    token: str | None


class FakeSTS:
    """Answers AssumeRole, AssumeRoleWithWebIdentity and GetCallerIdentity; `script` holds answers to give first."""

    def __init__(self, clock: Clock) -> None:
        self.url = ""
        self.clock = clock
        self.calls: list[Call] = []
        self.script: deque[Answer] = deque()
        self.session = timedelta(hours=1)
        self.arrived = asyncio.Event()
        self.released = asyncio.Event()
        self.released.set()
        self._arns: dict[str, str] = {}

    def asked(self, operation: str) -> list[Call]:
        return [call for call in self.calls if call.operation == operation]

    def hold(self) -> None:
        """Let calls come in, and answer none before `released` is set."""
        self.released.clear()
        self.arrived.clear()

    async def arrival(self) -> None:
        """Wait until a call has come in; a test that is wrong about this fails rather than hangs."""
        async with asyncio.timeout(30):
            await self.arrived.wait()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        arguments = dict(parse_qsl(await request.text()))
        call = Call(arguments["Action"], arguments, _signer(request), request.headers.get("X-Amz-Security-Token"))
        self.calls.append(call)
        number = len(self.calls)
        self.arrived.set()
        await self.released.wait()
        if self.script:
            return await self.script.popleft()(request)
        return _xml(self._identity(call) if call.operation == "GetCallerIdentity" else self._session(call, number))

    def _session(self, call: Call, number: int) -> str:
        key = f"ASIA{number}"
        role = call.arguments["RoleArn"]
        account, name = role.split(":")[4], role.rsplit("/", 1)[-1]
        self._arns[key] = f"arn:aws:sts::{account}:assumed-role/{name}/{call.arguments['RoleSessionName']}"
        expires = (self.clock() + self.session).strftime("%Y-%m-%dT%H:%M:%SZ")
        return _wrap(
            call.operation,
            f"<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>secret-{number}</SecretAccessKey>"
            f"<SessionToken>token-{number}</SessionToken><Expiration>{expires}</Expiration></Credentials>",
        )

    def _identity(self, call: Call) -> str:
        arn = self._arns.get(call.access_key or "", "arn:aws:iam::999999999999:user/someone")
        return _wrap(call.operation, f"<Arn>{arn}</Arn><UserId>U</UserId><Account>{arn.split(':')[4]}</Account>")


def fault(code: str, status: int = 403, message: str = "no") -> Answer:
    """Answer with this error."""

    async def answer(_: web.Request) -> web.StreamResponse:
        error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        return _xml(f"<ErrorResponse>{error}<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>", status)

    return answer


async def drop(request: web.Request) -> web.StreamResponse:
    """Close the connection without a word."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def cut(request: web.Request) -> web.StreamResponse:
    """Close the connection in the middle of the answer."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"<AssumeRoleResponse>")
    assert request.transport is not None
    request.transport.close()
    return response


def garble(body: str) -> Answer:
    """Answer 200 with this body."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return _xml(body)

    return answer


def _signer(request: web.Request) -> str | None:
    authorization = request.headers.get("Authorization", "")
    return authorization.split("Credential=")[1].split("/")[0] if "Credential=" in authorization else None


def _wrap(operation: str, result: str) -> str:
    metadata = f"<ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata>"
    return f"<{operation}Response><{operation}Result>{result}</{operation}Result>{metadata}</{operation}Response>"


def _xml(body: str, status: int = 200) -> web.Response:
    return web.Response(text=body, status=status, content_type="text/xml")
