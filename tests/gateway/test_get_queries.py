"""Queries by GET, which the settings must allow: never a mutation, and not for pages of other origins."""

import json
from typing import Any

import httpx
import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import GatewayClient, OpenGateway, identity_headers

ON = {"getQueries": True}
APP = "https://app.example.com"
ME = "{ me { subject } }"


async def get(
    gateway: GatewayClient, query: str, *, headers: dict[str, str] | None = None, **more: Any
) -> httpx.Response:
    """Ask by GET, as Ann."""
    parameters = {"query": query, **{name: json.dumps(value) for name, value in more.items()}}
    sent = {**identity_headers("ann", ["risk"]), **(headers or {})}
    return await gateway.http.get("/graphql", params=parameters, headers=sent)


async def test_a_query_with_variables(open_gateway: OpenGateway, estate: Estate) -> None:
    async with open_gateway(server=ON) as gateway:
        response = await get(gateway, "query ($n: Int!) { models(first: $n) { nodes { name } } }", variables={"n": 1})
    assert response.status_code == 200
    assert len(response.json()["data"]["models"]["nodes"]) == 1
    assert response.headers["cache-control"] == "no-store"


async def test_it_is_off_unless_asked_for(gateway: GatewayClient, sandbox: Sandbox) -> None:
    response = await get(gateway, "{ models(first: 1) { nodes { name } } }")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert sandbox.calls.count() == 0


async def test_never_a_mutation(open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate) -> None:
    deploys = [{"group": "*", "allow": ["READ", "DEPLOY"]}]
    sandbox.calls.clear()
    async with open_gateway(server=ON, permissions=deploys) as gateway:
        response = await get(gateway, 'mutation { deleteSnapshot(input: {name: "a"}) { deletedSnapshotId } }')
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert sandbox.calls.count() == 0


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_page_of_another_origin_starts_nothing(open_gateway: OpenGateway, sandbox: Sandbox, site: str) -> None:
    """An image's address is enough to make a browser send a GET, with its cookies for the proxy."""
    async with open_gateway(server=ON) as gateway:
        sent = {"Sec-Fetch-Site": site}
        image = await get(gateway, "{ models(first: 1) { nodes { name } } }", headers=sent)
        script = await get(gateway, ME, headers={**sent, "Origin": "https://evil.example"})
    assert [response.json()["errors"][0]["extensions"]["code"] for response in (image, script)] == ["FORBIDDEN"] * 2
    assert image.status_code == 403
    assert sandbox.calls.count() == 0


async def test_a_page_of_a_named_origin_may_ask(open_gateway: OpenGateway) -> None:
    async with open_gateway(server={**ON, "cors": {"allowedOrigins": [APP]}}) as gateway:
        response = await get(gateway, ME, headers={"Sec-Fetch-Site": "cross-site", "Origin": APP})
    assert response.json() == {"data": {"me": {"subject": "ann"}}} | {"extensions": response.json()["extensions"]}


async def test_its_own_page_and_other_clients_may_ask(open_gateway: OpenGateway) -> None:
    async with open_gateway(server=ON) as gateway:
        answers = [await get(gateway, ME, headers=sent) for sent in ({}, {"Sec-Fetch-Site": "same-origin"})]
    assert [answer.json()["data"] for answer in answers] == [{"me": {"subject": "ann"}}] * 2


async def test_a_browser_gets_graphiql_all_the_same(open_gateway: OpenGateway) -> None:
    async with open_gateway(server=ON) as gateway:
        response = await get(gateway, ME, headers={"Accept": "text/html"})
    assert response.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("broken", ["{", "[1]", "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1")])
async def test_broken_variables_are_told(open_gateway: OpenGateway, broken: str) -> None:
    async with open_gateway(server=ON) as gateway:
        parameters = {"query": ME, "variables": broken}
        response = await gateway.http.get("/graphql", params=parameters, headers=identity_headers("ann", ["risk"]))
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
