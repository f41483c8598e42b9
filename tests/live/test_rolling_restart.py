"""Two gateways end and begin anew one after the other, under load: no answer is lost, and probes tell in time."""

from pathlib import Path

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.live.balancer import balancing
from tests.live.gateway_processes import configured
from tests.live.rolling import asking, rolling_gateways
from tests.nginx import free_port


@pytest.mark.crash
async def test_a_rolling_restart_loses_no_answer(
    tmp_path: Path, sandbox: Sandbox, estate: Estate, postgres_url: str
) -> None:
    ports = free_port(), free_port()
    config = configured(tmp_path, sandbox, postgres_url, server={"drainSeconds": 0.5})
    async with rolling_gateways(config, ports) as gateways, balancing(ports) as url, asking(url, 20) as load:
        first, second = ports
        answers = await gateways.end(first)
        await gateways.begin(first)
        answers += await gateways.end(second)
    assert set(answers) <= {503, None}
    assert 503 in answers
    assert set(load.answers) == {200}
    assert load.answers[200] > 40
