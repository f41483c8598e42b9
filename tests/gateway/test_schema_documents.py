"""gateway.schema_documents: the schema as a client's build fetches it, again and again."""

import pytest
from graphql import build_client_schema, introspection_from_schema

from gateway.schema_documents import INTROSPECTION_PATH, SDL_PATH
from tests.cached_schema import cached_schema, cached_types
from tests.gateway_client import GatewayClient, OpenGateway

PATHS = pytest.mark.parametrize("path", [SDL_PATH, INTROSPECTION_PATH])


async def test_the_sdl(gateway: GatewayClient) -> None:
    response = await gateway.http.get(SDL_PATH)
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text == cached_schema().as_str()


async def test_introspection_holds_the_same_schema(gateway: GatewayClient) -> None:
    response = await gateway.http.get(INTROSPECTION_PATH)
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    schema = cached_types()
    assert response.json()["data"] == introspection_from_schema(schema)
    assert set(build_client_schema(response.json()["data"]).type_map) == set(schema.type_map)


@PATHS
async def test_a_schema_that_is_known_is_not_sent_again(gateway: GatewayClient, path: str) -> None:
    tag = (await gateway.http.get(path)).headers["etag"]
    for condition in (tag, f'"other", {tag}', "*"):
        response = await gateway.http.get(path, headers={"If-None-Match": condition})
        assert (response.status_code, response.content) == (304, b""), condition
        assert response.headers["etag"] == tag, condition


@PATHS
async def test_another_tag_is_answered_whole(gateway: GatewayClient, path: str) -> None:
    response = await gateway.http.get(path, headers={"If-None-Match": '"other"'})
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["x-content-type-options"] == "nosniff"


@PATHS
async def test_without_introspection_there_is_none(open_gateway: OpenGateway, path: str) -> None:
    async with open_gateway(introspection=False) as gateway:
        assert (await gateway.http.get(path)).status_code == 404
