"""gateway.probes: a port of their own for a process that serves nothing else."""

import signal

import httpx
import pytest

from gateway.draining import Drain
from gateway.probes import serving_probes
from gateway.readiness import Readiness
from gateway.version import VERSION
from tests.idle_engine import IdleEngine


async def test_they_answer_before_and_after_the_start_and_at_the_end() -> None:
    before, drain = signal.getsignal(signal.SIGTERM), Drain()
    async with serving_probes("127.0.0.1", 0) as probes, httpx.AsyncClient(base_url=probes.url) as http:
        assert signal.getsignal(signal.SIGTERM) is before
        starting = await http.get("/readyz")
        assert (starting.status_code, starting.json()) == (503, {"status": "starting"})
        assert (await http.get("/livez")).json() == {"status": "ok", "version": VERSION}
        engine = IdleEngine("", None, {})
        probes.show(readiness=Readiness(engine, drain))  # type: ignore[arg-type]  # It has what a report asks for.
        assert (await http.get("/readyz")).json() == {"status": "ok"}
        drain.begin()
        ending = await http.get("/readyz")
        assert (ending.status_code, ending.json()) == (503, {"status": "ending"})
        nothing = await http.get("/graphql")
        assert (nothing.status_code, nothing.json()["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")


async def test_a_port_that_is_taken() -> None:
    async with serving_probes("127.0.0.1", 0) as probes:
        with pytest.raises(OSError, match="Address already in use"):
            async with serving_probes("127.0.0.1", int(probes.url.rpartition(":")[2])):
                raise AssertionError
