"""gateway.graphql_shortcut: operations go to their endpoint at once, and everything else to the router."""

import pytest
from starlette.types import Receive, Scope, Send

from gateway.graphql_shortcut import GraphQLShortcut
from tests.gateway_client import GatewayClient, OpenGateway, identity_headers


@pytest.mark.parametrize(
    ("scope", "taken"),
    [
        ({"type": "http", "method": "POST", "path": "/graphql"}, "endpoint"),
        ({"type": "http", "method": "POST", "path": "/graphql", "root_path": ""}, "endpoint"),
        ({"type": "http", "method": "POST", "path": "/graphql", "root_path": "/graphql"}, "router"),
        ({"type": "http", "method": "POST", "path": "/graphql/"}, "router"),
        ({"type": "http", "method": "POST", "path": "/webhooks/jira"}, "router"),
        ({"type": "http", "method": "GET", "path": "/graphql"}, "router"),
        ({"type": "websocket", "path": "/graphql"}, "router"),
        ({"type": "lifespan"}, "router"),
    ],
)
async def test_the_way(scope: Scope, taken: str) -> None:
    ways: list[str] = []

    def way(name: str) -> GraphQLShortcut:
        async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
            ways.append(name)

        return app  # type: ignore[return-value]

    async def nothing(*_: object) -> None:
        raise AssertionError

    await GraphQLShortcut(way("router"), way("endpoint"))(scope, nothing, nothing)  # type: ignore[arg-type]
    assert ways == [taken]


async def test_a_path_that_only_resembles_it_is_not_found(gateway: GatewayClient) -> None:
    for path in ("/graphql/", "/Graphql", "/graphql/x"):
        response = await gateway.http.post(path, json={"query": "{ __typename }"})
        assert response.status_code == 404, path


async def test_an_answer_depends_on_accept_encoding_if_it_is_long_enough(open_gateway: OpenGateway) -> None:
    """Whether it was compressed or not, and not where compression is off."""
    long = "{ " + " ".join(f"{chr(97 + number) * 60}: __typename" for number in range(10)) + " }"
    for settings, query, encoding, expected in (
        ({}, long, None, "Accept-Encoding"),
        ({}, long, "gzip", "Accept-Encoding"),
        ({}, "{ __typename }", None, None),
        ({"server": {"compression": False}}, long, None, None),
    ):
        async with open_gateway(**settings) as gateway:
            del gateway.http.headers["accept-encoding"]
            headers = identity_headers("ann", ["risk"]) | ({"Accept-Encoding": encoding} if encoding else {})
            response = await gateway.http.post("/graphql", json={"query": query}, headers=headers)
            assert (response.status_code, response.headers.get("vary")) == (200, expected)
            assert (response.headers.get("content-encoding") is None) is (encoding is None)
