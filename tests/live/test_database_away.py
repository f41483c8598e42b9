"""A database that hangs: probes answer within a second all the same, and so do questions about SageMaker."""

import time
from pathlib import Path

import httpx
import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.live.database_proxy import database_behind_proxy
from tests.live.gateway_processes import configured, serving


async def readiness(http: httpx.AsyncClient) -> tuple[int, str, float]:
    """What `/readyz` says, and the seconds that it takes."""
    begun = time.monotonic()
    response = await http.get("/readyz")
    return response.status_code, response.json()["status"], time.monotonic() - begun


@pytest.mark.crash
async def test_a_database_that_hangs_keeps_no_probe_waiting(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, sandbox: Sandbox, estate: Estate, postgres_url: str
) -> None:
    # The path of a socket has at most a hundred characters.
    folder = tmp_path_factory.mktemp("pg")
    async with database_behind_proxy(postgres_url, folder) as database:
        config = configured(tmp_path, sandbox, database.url, server={"drainSeconds": 0})
        async with serving(config) as (_, gateway):
            assert (await readiness(gateway.http))[:2] == (200, "ok")
            database.answers.clear()
            probes = [await readiness(gateway.http) for _ in range(3)]
            models = await gateway.ask("{ models { totalCount } }")
            database.answers.set()
    assert {probe[:2] for probe in probes} == {(200, "degraded")}
    assert max(seconds for *_, seconds in probes) < 1.5
    assert models.data == {"models": {"totalCount": 9}}
