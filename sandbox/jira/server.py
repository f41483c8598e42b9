"""The stand-in Jira as a server: Cloud with versions 2 and 3 of the API, or Data Center with version 2 alone."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Self

from uvicorn.server import ServerState

from sandbox.asgi import ClosableHttpProtocol, Message, Receive, Send, drop_connection, read_request, send_response
from sandbox.jira import board
from sandbox.jira.accounts import ANN, BEN, Account
from sandbox.jira.answers import JiraAnswer
from sandbox.jira.control_api import JiraControlApi
from sandbox.jira.errors import JiraRefusalError
from sandbox.jira.faults import JiraFault, JiraFaults
from sandbox.jira.project import Project
from sandbox.jira.rest_api import RestApi
from sandbox.requests import IncomingRequest
from sandbox.threaded_server import ThreadedServer, server_config

_REST_PATH = re.compile(r"/rest/api/(\w+)/(.+)")


class JiraServer:
    """A Jira of one project; served by :meth:`start` on a thread, or by :func:`running` in a loop.

    Args:
        cloud: Whether it is Cloud.
        project: The project; None for a new one with a time of its own.

    Attributes:
        url: Its address.
        faults: The faults for its next requests; `trouble` is their queue.
        calls: Every request to the REST API as `METHOD path`, without /rest/api/N.
        page: The most issues of a page.
        seconds: Real seconds that each answer takes.
        hold: A regular expression for `METHOD path`: answers to matching calls wait for `held`, after the call is
            carried out.
        held: Set to release those answers.
        arrived: Set once such a call has come.
    """

    def __init__(self, *, cloud: bool, project: Project | None = None) -> None:
        self.cloud = cloud
        self.url = ""
        self.project = project or Project(cloud=cloud)
        self.faults = JiraFaults()
        self.trouble = self.faults.queue
        self.calls: list[str] = []
        self.page = 100
        self.seconds = 0.0
        self.hold: str | None = None
        self.held = asyncio.Event()
        self.arrived = asyncio.Event()
        self._rest = RestApi(self.project)
        self._control = JiraControlApi(self.faults, self.calls)
        self._server: ThreadedServer | None = None

    @classmethod
    def start(cls, *, cloud: bool, port: int = 0, people: tuple[Account, ...] = (ANN, BEN)) -> Self:
        """Serve on 127.0.0.1 in real time, ready when this returns.

        Args:
            cloud: Whether it is Cloud.
            port: Its port; 0 for any free one.
            people: The accounts beside the gateway's.

        Raises:
            OSError: The port is taken.
        """
        jira = cls(cloud=cloud, project=Project(cloud=cloud, people=people, clock=lambda: datetime.now(UTC)))
        jira._server = ThreadedServer.start(jira, port, "jira")
        jira.url = jira._server.url
        return jira

    def stop(self) -> None:
        """Close every connection and the port."""
        if self._server is not None:
            self._server.stop()

    def __enter__(self) -> Self:
        """The server itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    @property
    def token_is_expired(self) -> bool:
        """True if every login is refused."""
        return self._rest.token_is_expired

    @token_is_expired.setter
    def token_is_expired(self, expired: bool) -> None:
        self._rest.token_is_expired = expired

    def asked(self, pattern: str) -> list[str]:
        """The calls whose `METHOD path` matches a regular expression (`pattern`)."""
        return [call for call in self.calls if re.search(pattern, call)]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer the request of this ASGI scope."""
        request = await read_request(scope, receive)
        answer = await self._answer(request)
        if answer is None:
            await drop_connection(scope, receive)
        else:
            await send_response(send, answer.response())

    async def _answer(self, request: IncomingRequest) -> JiraAnswer | None:
        """The answer; None for a connection that is dropped."""
        rest = _REST_PATH.fullmatch(request.path)
        if rest is not None:
            return await self._answer_call(request, rest[1], rest[2])
        if request.path.startswith("/sandbox/"):
            return self._control.answer(request)
        return board.answer(self.project, request)

    async def _answer_call(self, request: IncomingRequest, version: str, path: str) -> JiraAnswer | None:
        call = f"{request.method} {path}"
        self.calls.append(call)
        await asyncio.sleep(self.seconds)
        fault = self.faults.take(call)
        if fault and not fault.late:
            return _faulted(fault)
        answer = self._carried_out(request, version, path)
        if self.hold and re.search(self.hold, call):
            self.arrived.set()
            await self.held.wait()
        return _faulted(fault) if fault else answer

    def _carried_out(self, request: IncomingRequest, version: str, path: str) -> JiraAnswer:
        try:
            self.faults.check_limit(request.headers.get("authorization", ""), cloud=self.cloud)
            return self._rest.answer(request, version, path, url=self.url, page=self.page)
        except JiraRefusalError as error:
            return error.answer


def _faulted(fault: JiraFault) -> JiraAnswer | None:
    """The answer of a fault; None for a connection that is dropped."""
    if fault.status is None:
        return None
    return JiraAnswer(fault.status, fault.content(), dict(fault.headers))


@asynccontextmanager
async def running(*, cloud: bool) -> AsyncIterator[JiraServer]:
    """A Jira that answers in this loop while the block runs."""
    jira = JiraServer(cloud=cloud)
    config, state = server_config(jira), ServerState()
    config.load()
    server = await asyncio.get_running_loop().create_server(
        lambda: ClosableHttpProtocol(config, state, app_state={}), "127.0.0.1", 0
    )
    jira.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield jira
    finally:
        jira.held.set()
        server.close()
        for connection in list(state.connections):
            connection.transport.abort()
        await asyncio.gather(*state.tasks)
