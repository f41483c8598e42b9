"""gateway.health: alive as long as the loop turns, ready once the lifespan has made everything."""

import httpx

from gateway.app import create_app
from sandbox.server import Sandbox
from tests.gateway_client import GatewayClient, load_test_settings


async def test_alive_and_ready(gateway: GatewayClient, sandbox: Sandbox) -> None:
    for path in ("/livez", "/readyz"):
        response = await gateway.http.get(path)
        assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert sandbox.calls.count() == 0


async def test_before_the_lifespan() -> None:
    transport = httpx.ASGITransport(create_app(load_test_settings("http://127.0.0.1:1")))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as http:
        alive, ready = await http.get("/livez"), await http.get("/readyz")
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (503, {"status": "starting"})
    assert ready.headers["x-request-id"]


async def test_head(gateway: GatewayClient) -> None:
    for path in ("/livez", "/readyz"):
        assert (await gateway.http.head(path)).status_code == 200
        refused = await gateway.http.post(path)
        assert (refused.status_code, sorted(refused.headers["allow"].split(", "))) == (405, ["GET", "HEAD"])
