"""gateway.app: what the application serves, and that it leaves nothing behind."""

import asyncio
import gc
import threading

import pytest
from graphql import build_schema as read_schema

from gateway.app import create_app
from gateway.explorer.examples import EXAMPLES, MAIN_QUERY
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.cached_schema import cached_schema
from tests.gateway_client import MARKETING, RISK, GatewayClient, OpenGateway, load_test_settings, run_app


async def test_the_schema_as_text(gateway: GatewayClient, sandbox: Sandbox) -> None:
    response = await gateway.http.get("/graphql/schema.graphql")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert response.text == cached_schema().as_str()
    assert read_schema(response.text).query_type is not None
    assert sandbox.calls.count() == 0


async def test_introspection_off_hides_the_text_too(open_gateway: OpenGateway) -> None:
    async with open_gateway(introspection=False) as gateway:
        assert (await gateway.http.get("/graphql/schema.graphql")).status_code == 404
        answer = await gateway.ask("{ __schema { queryType { name } } }")
        assert answer.codes == ["BAD_USER_INPUT", "BAD_USER_INPUT"]
        wrong = await gateway.ask("{ modles { totalCount } }")
        assert wrong.error["message"] == "Cannot query field 'modles' on type 'Query'."


@pytest.mark.parametrize(
    ("limits", "query", "message"),
    [
        ({"depth": 2}, "{ models { nodes { name } } }", "The query is 3 levels deep, and 2 is the most"),
        ({"aliases": 1}, "{ a: me { subject } b: me { subject } }", "The query has 2 aliases, and 1 is the most"),
        (
            {"directives": 1},
            "{ me @skip(if: false) @include(if: true) { subject } }",
            "The query has 2 directives, and 1 is the most",
        ),
        ({"cost": 9}, "{ models(first: 10) { nodes { name } } }", "The query costs 10, and 9 is the most"),
        ({"tokens": 8}, "{ models { nodes { name } } }", "Syntax Error: Document contains more than 8 tokens."),
    ],
)
async def test_the_settings_limits_hold(
    open_gateway: OpenGateway, sandbox: Sandbox, limits: dict[str, int], query: str, message: str
) -> None:
    async with open_gateway(limits=limits) as gateway:
        answer = await gateway.ask(query)
    assert answer.codes == ["LIMIT_EXCEEDED"]
    assert answer.error["message"].startswith(message)
    assert "data" not in answer.body
    assert sandbox.calls.count() == 0


async def test_the_settings_page_size_holds(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    async with open_gateway(limits={"pageSize": 20}) as gateway:
        answer = await gateway.ask("{ a: models(first: 21) { totalCount } b: models(first: 20) { totalCount } }")
    assert answer.error["message"] == "`first` must be from 1 to 20, not 21."
    assert answer.body["data"] == {"a": None, "b": {"totalCount": 0}}


async def test_the_default_page_is_no_larger_than_the_largest(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    async with open_gateway(limits={"pageSize": 20}) as gateway:
        answer = await gateway.ask("{ a: models { totalCount } b: models(first: null) { totalCount } }")
    assert answer.data == {"a": {"totalCount": 0}, "b": {"totalCount": 0}}


async def test_the_worked_examples(open_gateway: OpenGateway, estate: Estate) -> None:
    """They run as they stand, but for the one that wants an id."""
    async with open_gateway(limits={}) as gateway:
        for example in EXAMPLES:
            variables = dict(example.variables)
            if "id" in variables:
                newest = await gateway.ask("{ models(first: 1) { nodes { id } } }")
                variables["id"] = newest.data["models"]["nodes"][0]["id"]
            answer = await gateway.ask(example.query, variables)
            assert answer.body.get("errors") is None, example.name
            assert answer.data, example.name


async def test_twenty_first_requests_take_one_role(gateway: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    """The first of all, at once, from one person: one session, and one listing for all of them."""
    answers = await asyncio.gather(*(gateway.ask("{ models { totalCount } }") for _ in range(20)))
    assert [answer.data for answer in answers] == [{"models": {"totalCount": 9}}] * 20
    assert sandbox.calls.count("AssumeRole") == 1
    assert sandbox.calls.count("ListModels") == 1


async def test_nothing_is_left_behind(open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate) -> None:
    """No task, thread or socket outlives the application; an open socket would be a warning, and so a failure."""
    tasks, threads = asyncio.all_tasks(), set(threading.enumerate())
    async with open_gateway() as gateway:
        await asyncio.gather(
            gateway.ask(MAIN_QUERY, groups=["risk"]),
            gateway.ask(MAIN_QUERY, user="bob", groups=["marketing"]),
        )
        assert sandbox.calls.count("AssumeRole") == 2
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == tasks
    # The loop looks up host names in threads of its own, and ends them when it ends itself; SQLite's end by themselves,
    # a moment after their connections.
    async with asyncio.timeout(30):
        while any(not thread.name.startswith("asyncio_") for thread in set(threading.enumerate()) - threads):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    gc.collect()


async def test_ends_while_a_request_waits_for_aws(open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate) -> None:
    tasks = asyncio.all_tasks()
    hold = sandbox.faults.block("DescribeModel")
    async with open_gateway(sagemaker={"search": False}) as gateway:
        asking = asyncio.create_task(gateway.ask("{ models { nodes { containers { image } } } }"))
        assert await asyncio.to_thread(hold.wait_for_requests, 9)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    hold.release()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == tasks


async def test_starting_asks_nothing_of_aws(sandbox: Sandbox) -> None:
    """A gateway starts while AWS is down; it is the questions that fail."""
    async with run_app(create_app(load_test_settings("http://127.0.0.1:1"))) as gateway:
        assert (await gateway.http.get("/readyz")).status_code == 200
        answer = await gateway.ask("{ me { subject } models { totalCount } }")
    assert answer.body["data"] == {"me": {"subject": "ann"}, "models": None}
    assert answer.codes == ["UPSTREAM_UNAVAILABLE"]
    assert sandbox.calls.count() == 0


async def test_two_applications_share_nothing(open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate) -> None:
    async with open_gateway() as one, open_gateway() as other:
        assert (await one.ask("{ models { totalCount } }")).data == {"models": {"totalCount": 9}}
        assert (await other.ask("{ models { totalCount } }", groups=["marketing"])).data == {
            "models": {"totalCount": 8}
        }
        roles = {call.resource for call in sandbox.calls.recent("AssumeRole")}
    assert roles == {RISK.role_arn, MARKETING.role_arn}


@pytest.mark.parametrize("explorer", [True, False])
async def test_a_browser_finds_the_explorer(open_gateway: OpenGateway, explorer: bool) -> None:
    page = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
    async with open_gateway(explorer=explorer) as gateway:
        response = await gateway.http.get("/", headers=page)
        assert (response.status_code, response.headers.get("location")) == (
            (307, "graphql") if explorer else (404, None)
        )
        assert (await gateway.http.get("/")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "allow"),
    [
        ("GET", "/nowhere", 404, "NOT_FOUND", None),
        ("GET", "/graphql/assets/none.js", 404, "NOT_FOUND", None),
        ("POST", "/webhooks/nobody", 404, "NOT_FOUND", None),
        ("POST", "/livez", 405, "BAD_USER_INPUT", "GET, HEAD"),
        ("GET", "/webhooks/jira", 405, "BAD_USER_INPUT", "POST"),
    ],
)
async def test_a_path_without_a_route_answers_as_json(
    gateway: GatewayClient, method: str, path: str, status: int, code: str, allow: str | None
) -> None:
    answer = await gateway.http.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert answer.json()["errors"][0]["extensions"] == {"code": code, "requestId": answer.headers["x-request-id"]}
    methods = answer.headers.get("allow")
    assert (methods and ", ".join(sorted(methods.split(", ")))) == allow


async def test_a_slash_too_many_is_another_address(gateway: GatewayClient) -> None:
    for path in ("/graphql/", "/livez/", "/graphql/schema.graphql/"):
        assert (await gateway.http.get(path, headers={"host": "evil.example.com"})).status_code == 404
