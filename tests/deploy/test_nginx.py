"""deploy/nginx/sagegraph.conf in a real nginx, before a real gateway; a stand-in answers for oauth2-proxy."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from aiohttp import web
from websockets.asyncio.client import connect

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.docs.fences import fences
from tests.live.gateway_processes import configured
from tests.live.rolling import rolling_gateways
from tests.nginx import free_port, nginx_of

pytestmark = [pytest.mark.slow, pytest.mark.crash]

CONFIG = Path(__file__).parents[2] / "deploy" / "nginx" / "sagegraph.conf"
SECRET = "ein-geheimnis-unter-zweien"
QUERY = {"query": "{ me { subject groups group } }"}
ANN = {"Cookie": "_oauth2_proxy=of-ann"}
FORGED = {"X-Forwarded-User": "root", "X-Forwarded-Groups": "mlops", "X-Gateway-Secret": SECRET}


async def session_of(request: web.Request) -> web.Response:
    """What oauth2-proxy answers with --set-xauthrequest: whose cookie it is, or 401."""
    if request.cookies.get("_oauth2_proxy") != "of-ann":
        return web.Response(status=401)
    return web.Response(
        status=202, headers={"X-Auth-Request-Email": "ann@example.com", "X-Auth-Request-Groups": "risk,marketing"}
    )


@asynccontextmanager
async def stand_in() -> AsyncIterator[int]:
    app = web.Application()
    app.router.add_get("/oauth2/auth", session_of)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def adapted(folder: Path, port: int, gateway: int, proxy: int) -> str:
    """The file as it is, but for its places: ports of this machine, no TLS, and where the secret is."""
    secret = folder / "secret.conf"
    secret.write_text(f'proxy_set_header X-Gateway-Secret "{SECRET}";\n')
    text = CONFIG.read_text(encoding="utf-8")
    for place, here in {
        "listen 443 ssl;": f"listen 127.0.0.1:{port};",
        "server 10.0.12.11:8000 max_fails=0;": f"server 127.0.0.1:{gateway} max_fails=0;",
        "  server 10.0.12.12:8000 max_fails=0;\n": "",
        "server 127.0.0.1:4180;": f"server 127.0.0.1:{proxy};",
        "/etc/nginx/sagegraph-secret.conf": str(secret),
    }.items():
        assert text.count(place) == 1
        text = text.replace(place, here)
    return re.sub(r"^  ssl_certificate.*\n", "", text, flags=re.MULTILINE)


@dataclass
class Front:
    """Where nginx and the gateway behind it listen."""

    nginx: str
    gateway: str

    async def ask(self, headers: Mapping[str, str], *, directly: bool = False) -> httpx.Response:
        async with httpx.AsyncClient(timeout=30) as http:
            address = self.gateway if directly else self.nginx
            return await http.post(f"{address}/graphql", json=QUERY, headers=headers)


@pytest.fixture
async def front(tmp_path: Path, sandbox: Sandbox, estate: Estate, sqlite_url: str) -> AsyncIterator[Front]:
    identity = {
        "trustedPeers": ["127.0.0.1/32"],
        "sharedSecret": {"header": "X-Gateway-Secret", "value": SECRET},
    }
    config = configured(tmp_path, sandbox, sqlite_url, identity=identity)
    gateway, port = free_port(), free_port()
    async with (
        rolling_gateways(config, (gateway,)),
        stand_in() as proxy,
        nginx_of(tmp_path, adapted(tmp_path, port, gateway, proxy), port) as url,
    ):
        yield Front(url, f"http://127.0.0.1:{gateway}")


async def test_whoever_is_signed_in_is_who_they_are_whatever_they_send(front: Front) -> None:
    me = {"subject": "ann@example.com", "groups": ["risk", "marketing"], "group": "risk"}
    lookalikes = {name.replace("-", "_"): value for name, value in FORGED.items()}
    for forged in ({}, FORGED, lookalikes, {name.lower(): value for name, value in FORGED.items()}):
        answer = await front.ask({**ANN, **forged})
        assert (answer.status_code, answer.json()["data"]["me"]) == (200, me)
    twice = [("X-Forwarded-User", "root"), ("X-Forwarded-User", "admin"), *ANN.items()]
    async with httpx.AsyncClient(timeout=30) as http:
        answer = await http.post(f"{front.nginx}/graphql", json=QUERY, headers=twice)
    assert answer.json()["data"]["me"] == me
    chosen = await front.ask({**ANN, "X-Acting-Group": "marketing"})
    assert chosen.json()["data"]["me"] == {**me, "group": "marketing"}


async def test_nobody_else_reaches_the_gateway(front: Front) -> None:
    assert (await front.ask(FORGED)).status_code == 401
    async with httpx.AsyncClient(timeout=30) as http:
        page = await http.get(f"{front.nginx}/graphql", headers={**FORGED, "Accept": "text/html"})
        assert (page.status_code, page.headers["location"].split("/", 3)[-1]) == (302, "oauth2/start?rd=/graphql")
        for path in ("/readyz", "/metrics"):
            assert (await http.get(f"{front.nginx}{path}", headers=ANN)).status_code == 403
        assert (await http.get(f"{front.nginx}/oauth2/auth", headers=ANN)).status_code == 404


async def test_the_secret_is_nginxs(front: Front) -> None:
    """Past nginx, from an address that is trusted, the headers count only with it."""
    without = {name: value for name, value in FORGED.items() if name != "X-Gateway-Secret"}
    assert (await front.ask(without, directly=True)).status_code == 401
    believed = await front.ask(FORGED, directly=True)
    assert believed.json()["data"]["me"]["subject"] == "root"


async def test_subscriptions_come_through(front: Front) -> None:
    """A WebSocket, whose identity is that of its cookie."""
    address = front.nginx.replace("http", "ws", 1)
    async with (
        asyncio.timeout(30),
        connect(f"{address}/graphql", subprotocols=["graphql-transport-ws"], additional_headers=ANN) as socket,  # type: ignore[list-item]
    ):
        await socket.send('{"type": "connection_init"}')
        assert await socket.recv() == '{"type":"connection_ack"}'


async def test_the_list_of_servers_in_operations_is_one(tmp_path: Path) -> None:
    (fence,) = fences("docs/operations.md", "nginx")
    (tmp_path / "nginx.conf").write_text(f"events {{}}\nhttp {{\n{fence.text}}}\n")
    command = ["nginx", "-t", "-q", "-p", str(tmp_path), "-c", "nginx.conf", "-g", f"pid {tmp_path}/nginx.pid;"]
    program = await asyncio.create_subprocess_exec(*command)
    assert await program.wait() == 0
