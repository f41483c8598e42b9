"""A fleet as an operator has it: nginx, two gateways, a worker, a pooler, PostgreSQL, Jira and a webhook's receiver."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from gateway.commands.demo_approval import jira_settings, start_jira
from sandbox.estate import Estate, fill
from sandbox.jira.server import JiraServer
from sandbox.sagemaker.timeline import Durations
from sandbox.server import Sandbox
from tests.drill.pooler import Pooler, pooling
from tests.gateway_client import MARKETING, RISK, assume_role_entry, credential_settings
from tests.nginx import free_port, running_nginx
from tests.processes.starting import ROOT
from tests.scrapes import Series, parsed
from tests.workflows.notifications.receiver import SECRET, Receiver, receiving

PATIENCE: Final = 60.0
GATEWAYS: Final = ("gateway-1", "gateway-2")
WORKER: Final = "worker"
QUICK: Final = Durations(endpoint_creating=6, endpoint_updating=6, endpoint_deleting=3, job_starting=1, transforming=2)


@dataclass
class Member:
    """One process of the fleet.

    Attributes:
        name: Such as `gateway-1`.
        port: Where its probes and its metrics are.
        settings: Blocks of its settings that are not those of the others.
        process: The process as it runs now.
    """

    name: str
    port: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.port}"

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it is there."""
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(number)


@dataclass
class Fleet:
    """The fleet and everything around it.

    Attributes:
        folder: Settings and logs, one of each for every process.
        sandbox: Its AWS.
        estate: The content of that.
        jira: The Jira that approves.
        receiver: The receiver of its webhook.
        pooler: Its database.
        members: The processes by name.
        public: nginx.
        dead_port: A port at which nobody listens.
    """

    folder: Path
    sandbox: Sandbox
    estate: Estate
    jira: JiraServer
    receiver: Receiver
    pooler: Pooler
    members: Mapping[str, Member]
    public: str = ""
    dead_port: int = field(default_factory=free_port)

    async def begin(self, name: str, **blocks: Any) -> None:
        """Begin a process, with these blocks of settings in place of the others', and wait for no one."""
        member = self.members[name]
        member.settings = blocks
        file = self.folder / f"{name}.json"
        file.write_text(json.dumps({**self._settings(member), **blocks}), encoding="utf-8")
        command = "worker" if name == WORKER else "serve"
        with (self.folder / f"{name}.log").open("ab") as log:
            member.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "gateway", command, "--config", str(file)),
                cwd=ROOT,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
            )

    async def end(self, name: str) -> None:
        """Kill a process."""
        member = self.members[name]
        member.send(signal.SIGKILL)
        if member.process is not None:
            await member.process.wait()

    async def restart(self, name: str, **blocks: Any) -> None:
        """Kill a process, begin it again with these blocks, and wait until it is ready."""
        await self.end(name)
        await self.begin(name, **blocks)
        await self.until_ready(name)

    async def until_ready(self, name: str) -> None:
        """Wait until a process answers questions."""
        async with asyncio.timeout(PATIENCE):
            while (await self.readiness(name))[0] != 200:  # noqa: ASYNC110 - Nobody tells of another process's start.
                await asyncio.sleep(0.1)

    async def readiness(self, name: str) -> tuple[int | None, Mapping[str, Any]]:
        """Give the status and the body of its `/readyz`; None if it does not answer."""
        try:
            async with httpx.AsyncClient(timeout=3) as http:
                response = await http.get(f"{self.members[name].url}/readyz")
        except httpx.HTTPError:
            return None, {}
        return response.status_code, response.json()

    async def metrics(self, name: str) -> Mapping[Series, float]:
        """Give its metrics; none if it does not answer."""
        try:
            async with httpx.AsyncClient(timeout=3) as http:
                return parsed((await http.get(f"{self.members[name].url}/metrics")).text)
        except httpx.HTTPError:
            return {}

    async def lead_to(self, *ports: int) -> None:
        """Let nginx lead to these ports of this machine alone."""
        config = self.folder / "nginx" / "nginx.conf"
        servers = "".join(f"    server 127.0.0.1:{port} max_fails=0;\n" for port in ports)
        text = re.sub(r"(    server [0-9.:]+ [^{}]*?;\n)+", servers, config.read_text(encoding="utf-8"), count=1)
        config.write_text(text, encoding="utf-8")
        os.kill(int((self.folder / "nginx" / "nginx.pid").read_text()), signal.SIGHUP)

    def log(self, name: str) -> str:
        """Give its log."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8")

    def _settings(self, member: Member) -> Mapping[str, Any]:
        rights = ["READ", "IMPORT", "DEPLOY", "APPROVE"]
        port = {"probes": {"port": member.port}} if member.name == WORKER else {"port": member.port}
        return {
            "aws": {"endpointUrl": self.sandbox.url},
            **credential_settings(assume_role_entry(RISK), assume_role_entry(MARKETING)),
            "permissions": [{"group": "*", "allow": ["READ"]}, {"group": "risk", "allow": rights}],
            "database": {"url": self.pooler.url},
            "server": {"host": "127.0.0.1", "drainSeconds": 1, **port},
            "sagemaker": {"freshSeconds": 2},
            "deployments": {"requiredAssets": [], "approval": "jira", "watchSeconds": 3600},
            "imports": {"startDeployments": False},
            "jira": jira_settings(self.jira, "http://127.0.0.1"),
            "notifications": {"webhooks": [{"url": self.receiver.url, "secret": SECRET}]},
        }


@asynccontextmanager
async def open_fleet(folder: Path, postgres_url: str) -> AsyncIterator[Fleet]:
    """Begin everything on a migrated database, and leave nothing behind."""
    members = {name: Member(name, free_port()) for name in (*GATEWAYS, WORKER)}
    (folder / "nginx").mkdir()
    async with AsyncExitStack() as stack:
        sandbox, jira = stack.enter_context(Sandbox.start()), stack.enter_context(start_jira())
        # moto's state is the process's own: an earlier sandbox in it may have left an estate.
        sandbox.reset()
        estate = fill(sandbox)
        sandbox.timeline.durations = QUICK
        sandbox.enforce()
        receiver = await stack.enter_async_context(receiving())
        pooler = await stack.enter_async_context(pooling(postgres_url))
        fleet = Fleet(folder, sandbox, estate, jira, receiver, pooler, members)
        stack.push_async_callback(_end_all, fleet)
        # The worker first: it leads the loops then, as long as it can.
        for name in (WORKER, *GATEWAYS):
            await fleet.begin(name)
            await fleet.until_ready(name)
        ports = [members[name].port for name in GATEWAYS]
        fleet.public = await stack.enter_async_context(running_nginx(folder / "nginx", ports))
        yield fleet


async def _end_all(fleet: Fleet) -> None:
    for name, member in fleet.members.items():
        with suppress(ProcessLookupError):
            member.send(signal.SIGCONT)
        await fleet.end(name)
