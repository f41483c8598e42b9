"""A receiver of webhooks on this machine, over real HTTP, that answers as it is told."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook as Verifier

SECRET = "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"


@dataclass(frozen=True)
class Received:
    """One request: its headers, in lower case, and its body."""

    headers: Mapping[str, str]
    body: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str = SECRET) -> Any:
        """The JSON, once a library that is not ours has checked its signature and age."""
        return Verifier(secret).verify(self.body.encode(), dict(self.headers))


@dataclass
class Receiver:
    """Keeps what comes; `statuses` are answered one after the other, the last one from then on."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [204])
    headers: dict[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    hold: asyncio.Event = field(default_factory=asyncio.Event)
    came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.text()
        headers = {name.lower(): value for name, value in request.headers.items()}
        async with self.came:
            self.received.append(Received(headers, body))
            self.came.notify_all()
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        await self.hold.wait()
        return web.Response(status=status, headers=self.headers)

    async def until(self, holds: Callable[[list[Received]], bool]) -> list[Received]:
        """All that came, once it is so."""
        async with asyncio.timeout(60), self.came:
            await self.came.wait_for(lambda: holds(self.received))
        return list(self.received)

    @property
    def events(self) -> list[str]:
        return [json.loads(one.body)["type"] for one in self.received]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver that listens while the block runs."""
    receiver = Receiver()
    receiver.hold.set()
    app = web.Application()
    app.router.add_post("/hook", receiver.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        receiver.hold.set()
        await runner.cleanup()
