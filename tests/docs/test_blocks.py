"""Blocks that need nothing but themselves: a comparator, a program for the sandbox, a secret for nginx."""

import asyncio
import stat
import sys
from pathlib import Path

import pytest

from tests.docs.fences import ROOT, block, fences
from tests.docs.shells import empty_environment, run_shell
from workflows.deployments.comparator_form import Comparator


def test_the_comparator_of_the_rehearsals_is_one() -> None:
    (fence,) = fences("docs/rehearsals.md", "json")
    comparator = Comparator.model_validate_json(fence.text)
    assert [metric.name.value for metric in comparator.metrics] == ["mean", "meanAbsoluteError"]


async def test_the_secret_for_nginx_is_where_both_look(tmp_path: Path) -> None:
    for folder in ("nginx", "sagegraph"):
        (tmp_path / folder).mkdir()
    await run_shell(block("docs/recipes/nginx.md", "secret=").replace("/etc/", f"{tmp_path}/"), tmp_path)
    proxy, gateway = tmp_path / "nginx" / "sagegraph-secret.conf", tmp_path / "sagegraph" / "environment"
    secret = gateway.read_text().removeprefix("GATEWAY_SECRET=").strip()
    assert len(secret) == 48
    assert proxy.read_text() == f'proxy_set_header X-Gateway-Secret "{secret}";\n'
    assert {stat.S_IMODE(path.stat().st_mode) for path in (proxy, gateway)} == {0o600}


@pytest.mark.slow
async def test_the_program_for_the_sandbox_runs(tmp_path: Path) -> None:
    (fence,) = fences("docs/sandbox.md", "python")
    environment = empty_environment(tmp_path) | {"PYTHONPATH": str(ROOT)}
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", fence.text, env=environment, cwd=tmp_path)
    assert await program.wait() == 0
