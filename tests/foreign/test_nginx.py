"""A rolling restart behind a real nginx, with twenty clients: no answer is lost."""

from pathlib import Path

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.live.gateway_processes import configured
from tests.live.rolling import asking, rolling_gateways
from tests.nginx import free_port, running_nginx

pytestmark = [pytest.mark.slow, pytest.mark.crash]


@pytest.mark.parametrize(("options", "drain"), [("max_fails=0", 1), ("", 12)])
async def test_a_rolling_restart_loses_no_answer(
    tmp_path: Path, sandbox: Sandbox, estate: Estate, postgres_url: str, options: str, drain: float
) -> None:
    """By default nginx leaves out a server for more than ten whole seconds: the other one has to serve for twelve."""
    ports = free_port(), free_port()
    config = configured(tmp_path, sandbox, postgres_url, server={"drainSeconds": drain})
    async with (
        rolling_gateways(config, ports) as gateways,
        running_nginx(tmp_path, ports, options=options) as url,
        asking(url, 20) as load,
    ):
        for port in ports:
            assert set(await gateways.end(port)) <= {503, None}
            await gateways.begin(port)
    assert set(load.answers) == {200}
    assert load.answers[200] > 100


async def test_a_rolling_restart_of_several_processes_on_each_socket_loses_no_answer(
    tmp_path: Path, sandbox: Sandbox, estate: Estate, postgres_url: str
) -> None:
    ports = free_port(), free_port()
    config = configured(tmp_path, sandbox, postgres_url, server={"drainSeconds": 1, "workers": 2})
    async with (
        rolling_gateways(config, ports) as gateways,
        running_nginx(tmp_path, ports) as url,
        asking(url, 20) as load,
    ):
        for port in ports:
            await gateways.end(port)
            await gateways.begin(port)
    assert set(load.answers) == {200}
    assert load.answers[200] > 100
