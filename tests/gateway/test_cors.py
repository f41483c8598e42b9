"""gateway.cors: pages of the named origins may read, and no others."""

import pytest

from tests.gateway_client import GatewayClient, OpenGateway

APP = "https://app.example.com"
CORS = {"cors": {"allowedOrigins": [APP]}}
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-acting-group"}


async def preflight(gateway: GatewayClient, origin: str, **more: str) -> dict[str, str]:
    """The CORS headers of the answer to a preflight request."""
    response = await gateway.http.options("/graphql", headers={"Origin": origin, **PREFLIGHT, **more})
    return {name: value for name, value in response.headers.items() if name.startswith("access-control-allow-o")}


async def test_a_named_origin_may_ask_and_read(open_gateway: OpenGateway) -> None:
    async with open_gateway(server=CORS) as gateway:
        assert await preflight(gateway, APP) == {"access-control-allow-origin": APP}
        answer = await gateway.ask("{ me { subject } }", headers={"Origin": APP})
    assert answer.data == {"me": {"subject": "ann"}}
    assert answer.headers["access-control-allow-origin"] == APP
    assert answer.headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["access-control-expose-headers"] == "Retry-After, X-Request-Id"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        f"{APP}.evil.example",
        "http://app.example.com",
        f"{APP}:8443",
        "null",
        "https://APP.example.com",
    ],
)
async def test_no_other_origin_is_named(open_gateway: OpenGateway, origin: str) -> None:
    async with open_gateway(server=CORS) as gateway:
        assert await preflight(gateway, origin) == {}
        answer = await gateway.ask("{ me { subject } }", headers={"Origin": origin})
    assert "access-control-allow-origin" not in answer.headers


async def test_without_settings_there_is_no_cors(gateway: GatewayClient) -> None:
    assert await preflight(gateway, APP) == {}


@pytest.mark.parametrize("header", ["x-forwarded-user", "x-forwarded-groups", "x-gateway-secret"])
async def test_a_page_may_not_send_what_a_proxy_vouches_for(open_gateway: OpenGateway, header: str) -> None:
    async with open_gateway(server=CORS) as gateway:
        headers = {"Origin": APP, **PREFLIGHT, "Access-Control-Request-Headers": header}
        response = await gateway.http.options("/graphql", headers=headers)
    assert response.status_code == 400
    assert header not in response.headers["access-control-allow-headers"].lower()


async def test_credentials_only_if_the_settings_say_so(open_gateway: OpenGateway) -> None:
    async with open_gateway(server={"cors": {"allowedOrigins": [APP], "allowCredentials": True}}) as gateway:
        answer = await gateway.ask("{ me { subject } }", headers={"Origin": APP})
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["access-control-allow-origin"] == APP


async def test_a_refusal_before_graphql_can_be_read(open_gateway: OpenGateway) -> None:
    async with open_gateway(server=CORS) as gateway:
        response = await gateway.http.post("/graphql", content="a=1", headers={"Origin": APP})
    assert response.status_code == 415
    assert response.headers["access-control-allow-origin"] == APP
