"""A new user's way through the console, in a browser: from a name in SageMaker to a runtime in service."""

from pathlib import Path

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.console.conftest import demo_gateway, running_script
from tests.deployments import use_fast_pace

pytestmark = pytest.mark.slow


async def test_a_model_goes_live(
    browser_packages: Path, sandbox: Sandbox, estate: Estate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_fast_pace(monkeypatch)
    async with (
        demo_gateway(sandbox, estate) as url,
        running_script(browser_packages, "walk.mjs", url=url, folder=str(tmp_path)) as script,
    ):
        first = await script.said()
        await script.ended()
    assert first["firstScreenBytes"] <= 200_000
    assert first["shift"] < 0.01
