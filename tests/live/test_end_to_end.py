"""The whole of it over HTTP: two groups, two accounts, one question; AWS dying; clients going away; an orderly end."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gateway.explorer.examples import MAIN_QUERY
from gateway.server import server_url
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway.commands.command_processes import is_open
from tests.gateway_client import GatewayClient, identity_headers
from tests.live.conftest import listening

COUNT = "{ models { totalCount } }"


async def test_two_groups_see_two_accounts(live: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    """At the same time, over one server and shared connections."""
    answers = await asyncio.gather(
        *(
            live.ask(MAIN_QUERY, user=f"{group}-{number}", groups=[group])
            for number in range(5)
            for group in ("risk", "marketing")
        )
    )
    seen: dict[str, set[str]] = {"risk": set(), "marketing": set()}
    for number, answer in enumerate(answers):
        group = ("risk", "marketing")[number % 2]
        nodes = answer.data["models"]["nodes"]
        seen[group] |= {node["name"] for node in nodes}
        assert [node["consoleUrl"].split("region=")[1].partition("#")[0] for node in nodes] == [
            {"risk": "eu-west-1", "marketing": "us-east-2"}[group]
        ] * len(nodes)
    assert (len(seen["risk"]), len(seen["marketing"])) == (9, 8)
    assert seen["risk"].isdisjoint(seen["marketing"])
    people = {call.principal.rpartition("/")[2] for call in sandbox.calls.recent("ListModels")}
    assert people <= {f"{group}-{number}" for number in range(5) for group in ("risk", "marketing")}
    for account in ("222222222222", "333333333333"):
        operations = {call.principal.split(":")[4] for call in sandbox.calls.recent() if call.account == account}
        assert operations == {account}


@pytest.mark.parametrize(("search", "operation", "requests"), [(False, "DescribeModel", 9), (True, "Search", 1)])
async def test_aws_dies_while_a_query_is_under_way(
    sandbox: Sandbox, estate: Estate, search: bool, operation: str, requests: int
) -> None:
    hold = sandbox.faults.block(operation)
    async with listening(sandbox.url, sagemaker={"search": search}) as (_, gateway):
        asking = asyncio.create_task(gateway.ask(MAIN_QUERY))
        assert await asyncio.to_thread(hold.wait_for_requests, requests)
        sandbox.faults.drop("*")
        hold.release()
        answer = await asking
    assert answer.status == 200
    assert set(answer.codes) == {"UPSTREAM_UNAVAILABLE"}
    nodes = answer.body["data"]["models"]["nodes"]
    assert len(nodes) == 9
    assert all(node["name"] for node in nodes)
    assert {error["extensions"]["requestId"] for error in answer.errors} == {answer.headers["x-request-id"]}


async def test_iam_counts(live: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    """Signatures, sessions, external ids and policies are looked at, as AWS itself looks at them."""
    sandbox.enforce()
    for group, count in (("risk", 9), ("marketing", 8)):
        assert (await live.ask(COUNT, groups=[group])).data == {"models": {"totalCount": count}}
    answer = await live.ask(MAIN_QUERY)
    assert len(answer.data["models"]["nodes"]) == 9


async def test_a_session_that_has_expired(live: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    """AWS's clock runs ahead of ours: it refuses the session, and a new one is taken, which nobody hears of."""
    sandbox.enforce()
    assert (await live.ask(COUNT)).data
    sandbox.advance(2 * 3600)
    assert (await live.ask("{ snapshots { totalCount } }")).data == {"snapshots": {"totalCount": 11}}
    assert sandbox.calls.count("AssumeRole") == 2
    assert sandbox.calls.count("ListEndpointConfigs") == 2


async def test_the_media_types(live: GatewayClient) -> None:
    accept = {"accept": "application/graphql-response+json"}
    good = await live.ask("{ __typename }", user=None, headers=accept)
    bad = await live.ask("{ nothing }", user=None, headers=accept)
    assert (good.status, bad.status) == (200, 400)
    assert good.headers["content-type"] == "application/graphql-response+json; charset=utf-8"


async def test_graphiql_and_head(live: GatewayClient) -> None:
    page = await live.http.get("/graphql", headers={"accept": "text/html"})
    head = await live.http.head("/graphql", headers={"accept": "text/html"})
    assert (page.status_code, head.status_code, head.content) == (200, 200, b"")
    assert head.headers["content-security-policy"] == page.headers["content-security-policy"]
    refused = await live.http.head("/graphql")
    assert (refused.status_code, refused.content) == (405, b"")


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield b"x" * 10_000


async def test_a_body_without_end_is_cut_off(live: GatewayClient, sandbox: Sandbox) -> None:
    """Its length is not told; the answer comes as soon as it is too large, and the connection is closed."""
    headers = {**identity_headers("ann", ["risk"]), "content-type": "application/json"}
    try:
        response = await live.http.post("/graphql", content=endless(), headers=headers)
    except httpx.TransportError:
        # The server may close the connection before the client has read its answer.
        pass
    else:
        assert response.status_code == 413
        assert response.json()["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
    assert (await live.http.get("/livez")).status_code == 200
    assert sandbox.calls.count() == 0


async def raw(gateway: GatewayClient, text: bytes) -> bytes:
    """What the server answers to bytes as they are."""
    url = gateway.http.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(text)
    answer = await asyncio.wait_for(reader.read(65_536), 30)
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (b"X-Forwarded-User: ann\r\nX-Forwarded-User: bob\r\n", b"400"),
        (b"X_Forwarded_User: ann\r\n", b"400"),
        (b"X-Forwarded-User: ann\r\nConnection: X-Forwarded-User\r\n", b"400"),
        (b"X-Forwarded-User: a\x01nn\r\n", b"400"),
        (b"X-Forwarded-User : ann\r\n", b"400"),
    ],
)
async def test_headers_on_the_wire(live: GatewayClient, sandbox: Sandbox, headers: bytes, status: bytes) -> None:
    body = b'{"query": "{ models { totalCount } }"}'
    length = str(len(body)).encode()
    head = b"POST /graphql HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\nContent-Length: " + length + b"\r\n"
    answer = await raw(live, head + headers + b"\r\n" + body)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert sandbox.calls.count() == 0


async def test_a_client_that_goes_away(live: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    """Nobody waits for its answer; the gateway goes on, for others and by itself."""
    hold = sandbox.faults.block("ListModels", times=1)
    asking = asyncio.create_task(live.ask(COUNT, user="gone"))
    assert await asyncio.to_thread(hold.wait_for_requests)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert (await live.ask("{ snapshots { totalCount } }")).data == {"snapshots": {"totalCount": 11}}
    hold.release()
    assert (await live.ask(COUNT)).data == {"models": {"totalCount": 9}}


async def test_an_orderly_end(sandbox: Sandbox, estate: Estate) -> None:
    """What is under way when the gateway is told to stop is still answered; nobody new is let in; nothing is left."""
    before = asyncio.all_tasks()
    hold = sandbox.faults.block("ListModels", times=1)
    async with listening(sandbox.url) as (running, gateway):
        url = server_url(running)
        asking: asyncio.Task[Any] = asyncio.create_task(gateway.ask(COUNT))
        assert await asyncio.to_thread(hold.wait_for_requests)
        running.should_exit = True
        async with asyncio.timeout(30):
            while await is_open(url):  # noqa: ASYNC110 - uvicorn does not tell when it has closed its sockets.
                await asyncio.sleep(0.02)
        assert not asking.done()
        hold.release()
        assert (await asking).data == {"models": {"totalCount": 9}}
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


class Lines(logging.Handler):
    """The lines about requests, to be awaited."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: asyncio.Queue[logging.LogRecord] = asyncio.Queue()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.put_nowait(record)


async def test_the_walk_ends_with_its_client(live: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    """What is shared goes on for whoever asks next: the list is read to its end, but no model is described."""
    log, heard = logging.getLogger("sagegraph.requests"), Lines()
    log.addHandler(heard)
    log.setLevel(logging.INFO)
    hold = sandbox.faults.block("ListModels")
    try:
        asking = asyncio.create_task(live.ask("{ models { nodes { containers { image } } } }"))
        assert await asyncio.to_thread(hold.wait_for_requests)
        asking.cancel()
        line = await asyncio.wait_for(heard.lines.get(), 30)
    finally:
        log.removeHandler(heard)
        log.setLevel(logging.NOTSET)
        hold.release()
    assert (line.__dict__["status"], line.__dict__["caller"]) == (499, "ann")
    counted = (await live.http.get("/metrics")).text
    assert 'sagegraph_requests_total{code="CANCELLED",group="risk",operation="refused"} 1.0' in counted
    assert (await live.ask("{ models { totalCount } }")).data == {"models": {"totalCount": 9}}
    assert (sandbox.calls.count("ListModels"), sandbox.calls.count("DescribeModel")) == (1, 0)
