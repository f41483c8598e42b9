"""gateway.container_health: it asks whatever listens, and a process that listens nowhere is healthy while it lives."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import AF_INET6
from socket import create_server as listen

import pytest
from starlette.applications import Starlette

from gateway.container_health import listening_addresses, main, readiness
from gateway.draining import Drain
from gateway.probes import serving_probes
from gateway.readiness import Readiness
from gateway.server import create_server
from tests.idle_engine import IdleEngine


def test_the_addresses_of_a_process() -> None:
    own = str(os.getpid())
    before = listening_addresses([own])
    with listen(("127.0.0.1", 0)) as near, listen(("0.0.0.0", 0)) as every:
        new = listening_addresses([own]) - before
        assert new == {("127.0.0.1", near.getsockname()[1]), ("127.0.0.1", every.getsockname()[1])}
        assert new <= listening_addresses(["*"])
    assert listening_addresses([own]) == before
    assert listening_addresses(["0"]) == set()


def test_an_address_of_ipv6() -> None:
    own = str(os.getpid())
    try:
        listener = listen(("::1", 0), family=AF_INET6)
    except OSError:
        pytest.skip("This machine has no IPv6.")
    with listener:
        assert ("::1", listener.getsockname()[1]) in listening_addresses([own])


@asynccontextmanager
async def _something_else() -> AsyncIterator[None]:
    """A server that has no probes, such as the demo's AWS, in the same process."""
    server = create_server(Starlette(), "127.0.0.1", 0)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody.
        await asyncio.sleep(0.005)
    yield
    server.should_exit = True
    await serving


@pytest.mark.crash
async def test_a_worker_s_probes_are_asked() -> None:
    async with serving_probes("127.0.0.1", 0) as probes, _something_else():
        host, _, port = probes.url.removeprefix("http://").partition(":")
        # It blocks, and the probes answer on this loop.
        check = [sys.executable, "-m", "gateway.container_health", str(os.getpid())]

        async def status() -> int:
            return (await asyncio.to_thread(subprocess.run, check, check=False)).returncode

        assert await status() == 1
        engine = IdleEngine("", None, {})
        probes.show(readiness=Readiness(engine, Drain()))  # type: ignore[arg-type]  # It has what a report asks for.
        assert await status() == 0
    assert readiness(host, int(port)) is None


def test_a_process_that_listens_nowhere_is_healthy() -> None:
    assert main(["0"]) == 0


def test_it_imports_the_standard_library_alone() -> None:
    foreign = "('pydantic', 'yaml', 'starlette', 'sqlalchemy')"
    program = f"import sys, gateway.container_health; print([n for n in sys.modules if n.startswith({foreign})])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
