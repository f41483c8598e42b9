"""gateway.graphql_endpoint: GraphQL over HTTP, its media types and status codes, and the page for browsers."""

import asyncio
import json
from typing import Any

import pytest

from gateway.graphql_endpoint import MAX_ANONYMOUS_BYTES
from gateway.json_encoding import JsonPieces, encode_in_pieces
from sandbox.server import Sandbox
from schema.limits.document_limits import MAX_ANONYMOUS_TOKENS
from tests.gateway_client import GatewayClient, OpenGateway, identity_headers
from tests.sagemaker_builder import building

RESPONSE, JSON = "application/graphql-response+json", "application/json"
ME = "{ me { subject } }"


async def post(gateway: GatewayClient, content: bytes | str, **headers: str) -> Any:
    """Posts a body as it is; header names are given with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await gateway.http.post("/graphql", content=content, headers={"content-type": JSON, **named})


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, JSON),
        ("*/*", JSON),
        (JSON, JSON),
        (RESPONSE, RESPONSE),
        (f"{RESPONSE}, {JSON};q=0.9", RESPONSE),
        (f"{JSON}, {RESPONSE}", RESPONSE),
        (f"{RESPONSE};q=0.5, {JSON}", JSON),
        (f"{RESPONSE};q=nonsense", JSON),
        (f"{RESPONSE};q=0", JSON),
        ("text/html", JSON),
    ],
)
async def test_media_type(gateway: GatewayClient, accept: str | None, media_type: str) -> None:
    response = await post(gateway, json.dumps({"query": ME}), **({"accept": accept} if accept else {}))
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["data"] == {"me": None}


@pytest.mark.parametrize(
    "body", [{"query": "{"}, {"query": "{ nothing }"}, {"query": "query($a: Int!) { me { subject } }"}]
)
@pytest.mark.parametrize(("accept", "status"), [(RESPONSE, 400), (JSON, 200)])
async def test_a_request_that_cannot_run_has_no_data(
    gateway: GatewayClient, body: dict[str, Any], accept: str, status: int
) -> None:
    response = await post(gateway, json.dumps(body), accept=accept)
    assert response.status_code == status
    assert "data" not in response.json()
    assert response.json()["errors"][0]["extensions"] == {
        "code": "BAD_USER_INPUT",
        "requestId": response.headers["x-request-id"],
    }


async def test_a_partial_answer_is_a_success(gateway: GatewayClient, sandbox: Sandbox) -> None:
    response = await post(gateway, json.dumps({"query": "{ me { subject } models { totalCount } }"}), accept=RESPONSE)
    assert response.status_code == 200
    assert response.json()["data"] == {"me": None, "models": None}
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert sandbox.calls.count() == 0


NOT_JSON = "The request's body is not JSON in UTF-8."
NO_OBJECT = "The request's body must be a JSON object with a `query`."
NO_QUERY = "No GraphQL query found in the request"
NO_NAME = "`operationName` must name an operation of the document; it may be left out where there is only one."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", NOT_JSON),
        (b"{", NOT_JSON),
        (b'{"query": NaN}', NOT_JSON),
        (b'{"query": "\xff"}', NOT_JSON),
        (b'{"query": "\\ud800"}', NOT_JSON),
        ('{"query": "{ me { subject } }"}'.encode("utf-16"), NOT_JSON),
        (b"[" * 9_000, NOT_JSON),
        (b"5", NO_OBJECT),
        (b"null", NO_OBJECT),
        (b'"query"', NO_OBJECT),
        (b"[]", "Batching is not enabled"),
        (b'[{"query": "{ me { subject } }"}]', "Batching is not enabled"),
        (b"{}", NO_QUERY),
        (b'{"query": null}', NO_QUERY),
        (b'{"query": ""}', NO_QUERY),
        (b'{"query": 5}', "The GraphQL operation's `query` must be a string or null, if provided."),
        (
            b'{"query": "{ me { subject } }", "variables": []}',
            "The GraphQL operation's `variables` must be an object or null, if provided.",
        ),
        (
            b'{"query": "{ me { subject } }", "extensions": 1}',
            "The GraphQL operation's `extensions` must be an object or null, if provided.",
        ),
        (b'{"query": "{ me { subject } }", "operationName": "secret"}', NO_NAME),
        (b'{"query": "{ me { subject } }", "operationName": ["secret"]}', NO_NAME),
        (b'{"query": "fragment F on Query { me { subject } }"}', NO_NAME),
    ],
)
async def test_what_is_no_request(gateway: GatewayClient, sandbox: Sandbox, content: bytes, message: str) -> None:
    response = await post(gateway, content)
    assert response.status_code == 400
    assert response.headers["content-type"] == JSON
    assert response.headers["cache-control"] == "no-store"
    extensions = {"code": "BAD_USER_INPUT", "requestId": response.headers["x-request-id"]}
    assert response.json() == {"errors": [{"message": message, "extensions": extensions}]}
    assert sandbox.calls.count() == 0


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/jsonx"],
)
async def test_a_form_can_ask_nothing(gateway: GatewayClient, sandbox: Sandbox, content_type: str) -> None:
    body = json.dumps({"query": "{ models { totalCount } }"})
    response = await gateway.http.post(
        "/graphql", content=body, headers={**identity_headers("ann", ["risk"]), "content-type": content_type}
    )
    assert response.status_code == 415
    message = "Send the request as JSON, with `Content-Type: application/json`."
    assert [error["message"] for error in response.json()["errors"]] == [message]
    assert sandbox.calls.count() == 0


@pytest.mark.parametrize(
    "content_type", ["Application/JSON", "APPLICATION/JSON; Charset=UTF-8", "application/json;charset=utf-8"]
)
async def test_a_media_type_knows_no_case(gateway: GatewayClient, content_type: str) -> None:
    headers = {"content-type": content_type, "accept": "Application/GraphQL-Response+JSON"}
    response = await gateway.http.post("/graphql", content=json.dumps({"query": "{ me { subject } }"}), headers=headers)
    assert response.json()["data"] == {"me": None}
    assert response.headers["content-type"] == f"{RESPONSE}; charset=utf-8"


async def test_a_name_chooses_the_operation(gateway: GatewayClient) -> None:
    both = "query A { me { subject } } query B { settings { approval } }"
    response = await post(gateway, json.dumps({"query": both, "operationName": "B"}))
    assert response.json()["data"] == {"settings": {"approval": "BUILTIN"}}


@pytest.mark.parametrize("operation", ["mutation { anything }", "subscription { anything }"])
async def test_what_the_schema_has_not(gateway: GatewayClient, operation: str) -> None:
    response = await post(gateway, json.dumps({"query": operation}), accept=RESPONSE)
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("accept", ["text/html", "text/html,application/xhtml+xml,*/*;q=0.8", "*/*, text/html;q=0.5"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_browser_gets_graphiql(gateway: GatewayClient, sandbox: Sandbox, method: str, accept: str) -> None:
    response = await gateway.http.request(method, "/graphql?query=%7Bme%7Bsubject%7D%7D", headers={"accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"].startswith("default-src 'none'; ")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"
    assert response.headers["cache-control"] == "no-cache"
    assert sandbox.calls.count() == 0


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("accept", ["*/*", JSON, RESPONSE, "application/xhtml+xml"])
async def test_no_other_method_asks(gateway: GatewayClient, sandbox: Sandbox, method: str, accept: str) -> None:
    query = "?query=%7Bmodels%7BtotalCount%7D%7D"
    headers = {**identity_headers("ann", ["risk"]), "accept": accept}
    response = await gateway.http.request(method, f"/graphql{query}", headers=headers)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-request-id"]
    assert sandbox.calls.count() == 0


async def test_options(gateway: GatewayClient) -> None:
    response = await gateway.http.options("/graphql")
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"


async def test_without_the_explorer_a_browser_gets_nothing(open_gateway: OpenGateway) -> None:
    async with open_gateway(explorer=False) as gateway:
        response = await gateway.http.get("/graphql", headers={"accept": "text/html"})
        assert (response.status_code, response.headers["allow"]) == (405, "OPTIONS, POST")
        assert (await gateway.http.get("/graphql/assets/anything.js")).status_code == 404


async def test_several_operations_and_no_name(gateway: GatewayClient) -> None:
    both = "query A { me { subject } } query B { me { subject } }"
    response = await post(gateway, json.dumps({"query": both}), accept=RESPONSE)
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["message"] == "`operationName` must say which of the document's operations is meant."
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_the_largest_cost_is_a_number_that_json_holds(open_gateway: OpenGateway) -> None:
    """Pages within pages multiply beyond 64 bits, which orjson would not write."""
    level = "snapshots(first: 100) { nodes { runtimes(first: 100) { nodes { models { "
    query = "{ models(first: 100) { nodes { " + level * 5 + "name" + " } } } } }" * 5 + " } } }"
    async with open_gateway(limits={"depth": 50}) as gateway:
        answer = await gateway.ask(query)
        assert answer.codes == ["LIMIT_EXCEEDED"]
        assert answer.body["extensions"]["cost"] == {"requested": 2**53 - 1, "limit": 20_000}


async def test_a_long_body_of_nobody_is_refused(gateway: GatewayClient, sandbox: Sandbox) -> None:
    """Nothing that an anonymous client sends is to take much of the processor's time; callers may send more."""
    query = "{ __typename }".ljust(MAX_ANONYMOUS_BYTES)
    refused = await gateway.ask(query, user=None)
    assert (refused.status, refused.codes) == (413, ["LIMIT_EXCEEDED"])
    assert (await gateway.ask(query)).data == {"__typename": "Query"}
    fields = "{ " + "__typename " * MAX_ANONYMOUS_TOKENS + "}"
    assert (await gateway.ask(fields, user=None)).codes == ["LIMIT_EXCEEDED"]
    assert sandbox.calls.count() == 0


RATE_LIMIT = "{ rateLimit { limit cost used remaining } me { subject } }"


async def test_the_cost_of_a_caller_is_bounded(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    """The whole request is refused, with the time after which it may come again, and nobody else is."""
    async with open_gateway(limits={"callers": {"costPerMinute": 3}}) as gateway:
        assert (await gateway.ask(RATE_LIMIT)).data["rateLimit"] == {"limit": 3, "cost": 2, "used": 2, "remaining": 1}
        refused = await gateway.ask("{ models(first: 2) { nodes { name } } }")
        other = await gateway.ask(RATE_LIMIT, user="bob")
        nobody = await gateway.ask("{ rateLimit { limit } }", user=None)
    assert (refused.status, refused.codes, "data" in refused.body) == (429, ["LIMIT_EXCEEDED"], False)
    seconds = refused.error["extensions"]["retryAfterSeconds"]
    assert 1 <= seconds <= 60
    assert refused.headers["retry-after"] == str(seconds)
    assert other.data["rateLimit"]["used"] == 2
    assert nobody.data == {"rateLimit": None}
    assert sandbox.calls.count() == 0


async def test_without_a_limit_of_cost_there_is_no_rate_limit(gateway: GatewayClient) -> None:
    assert (await gateway.ask(RATE_LIMIT)).data == {"rateLimit": None, "me": {"subject": "ann"}}


async def test_the_requests_of_a_caller_at_once_are_bounded(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    hold = sandbox.faults.block("ListModels")
    query = "{ models(first: 2) { nodes { name } } }"
    async with open_gateway(limits={"callers": {"concurrent": 1}}) as gateway:
        running = asyncio.create_task(gateway.ask(query))
        assert await asyncio.to_thread(hold.wait_for_requests)
        refused = await gateway.ask("{ me { subject } }")
        assert (await gateway.ask("{ me { subject } }", user="bob")).data == {"me": {"subject": "bob"}}
        hold.release()
        assert (await running).data == {"models": {"nodes": []}}
        assert (await gateway.ask("{ me { subject } }")).data == {"me": {"subject": "ann"}}
    assert (refused.status, refused.codes, refused.headers["retry-after"]) == (429, ["LIMIT_EXCEEDED"], "1")
    assert refused.error["extensions"]["retryAfterSeconds"] == 1


async def test_a_large_answer_is_written_in_pieces_whichever_way_it_was_made(
    gateway: GatewayClient, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []

    def noted(data: Any) -> JsonPieces:
        written.append(data)
        return encode_in_pieces(data)

    monkeypatch.setattr("gateway.graphql_endpoint.encode_in_pieces", noted)
    monkeypatch.setattr("resolvers.execution.run.LARGE_OBJECTS", 4)
    with building(sandbox) as things:
        for name in "abcd":
            things.model(name)
    query = "query Large { models { nodes { name } } }"
    first, second = [(await gateway.ask(query)).data for _ in range(2)]
    assert first == second == {"models": {"nodes": [{"name": name} for name in "dcba"]}}
    assert len(written) == 2
    assert (await gateway.ask("{ models(first: 1) { nodes { name } } }")).data
    assert len(written) == 2
