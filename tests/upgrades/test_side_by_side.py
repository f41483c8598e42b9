"""The release before this one and the working tree on one database, rolled forwards and back, with real processes."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from hashlib import sha1
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.version import VERSION
from registry.enums import AuditOutcome
from registry.ids import key_of
from registry.schema_versions import TABLES_OF_RELEASES, current_version, latest_version, migrate_to
from sandbox.server import Sandbox
from tests.databases import temporary_url
from tests.deployments import (
    DEPLOYMENT_PERMISSIONS,
    DEPLOYMENT_SETTINGS,
    approve,
    deploy,
    deployment_events,
    list_deployments,
    mutate,
    register_model,
    wait_for_launch,
    wait_for_state,
    wait_for_ticket,
    wait_until,
)
from tests.gateway_client import RISK, GatewayClient
from tests.live.gateway_processes import PATIENCE, configured
from tests.processes import starting as processes
from tests.processes.starting import PIPE, ROOT, Process
from tests.sagemaker_builder import START, building
from tests.upgrades import migrated_gateway
from tests.upgrades.previous_release import archive, git, unpack
from tests.workflows.durable.dbos_state import workflow_statuses

RUNNER = Path(migrated_gateway.__file__)
PREVIOUS = archive().name.removesuffix(".tar.xz")


def test_the_release_that_is_kept_is_the_last_before_this_version() -> None:
    assert [release for release in TABLES_OF_RELEASES if release != VERSION][-1] == PREVIOUS


def test_the_archive_has_the_code_of_the_release_s_commit(tmp_path: Path) -> None:
    """As far as there is history; the archive is what is tested, with history and without."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (commit,) = re.findall(rf"^## {re.escape(PREVIOUS)} \(.+\)\n\nCommit ([0-9a-f]+)\.", text, re.MULTILINE)
    unpack(tmp_path)
    kept = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*.py")}
    assert kept["gateway/version.py"].decode().endswith(f'VERSION: Final = "{PREVIOUS}"\n')
    try:
        tree = git("ls-tree", "-r", commit).decode().splitlines()
    except (OSError, subprocess.CalledProcessError):
        return
    blobs = {path: entry.split()[2] for entry, _, path in (line.partition("\t") for line in tree)}
    changed = [path for path, data in kept.items() if blobs.get(path) != _blob_id(data)]
    missing = [
        path for path in blobs if path.endswith(".py") and Path(path).parts[0] == "registry" and path not in kept
    ]
    assert (changed, missing) == ([], [])


def _blob_id(data: bytes) -> str:
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


async def start_present(config: Path) -> Process:
    return await processes.start(
        migrated_gateway.__name__, str(config), stdout=PIPE, stderr=PIPE, environment={"PYTHONUNBUFFERED": "1"}
    )


async def start_previous(code: Path, config: Path) -> asyncio.subprocess.Process:
    environment = {**os.environ, "PYTHONPATH": str(code), "PYTHONUNBUFFERED": "1"}
    command = (sys.executable, str(RUNNER), str(config))
    return await asyncio.create_subprocess_exec(*command, cwd=code, env=environment, stdout=PIPE, stderr=PIPE)


@asynccontextmanager
async def serving(code: Path, config: Path) -> AsyncIterator[GatewayClient]:
    """A gateway of this code, which has migrated as it can; it ends in order with the block."""
    process = await (start_present(config) if code == ROOT else start_previous(code, config))
    assert process.stderr is not None
    said: list[str] = []
    try:
        async with asyncio.timeout(PATIENCE):
            while (match := re.search(r"The gateway listens at (http://[0-9.:]+)", said[-1] if said else "")) is None:
                said.append((await process.stderr.readline()).decode())
                assert said[-1], "".join(said)
        rest = asyncio.create_task(process.stderr.read())
        async with httpx.AsyncClient(base_url=match[1], timeout=PATIENCE) as http:
            yield GatewayClient(http)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0, (await rest).decode()
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.fixture
def models(sandbox: Sandbox) -> None:
    with building(sandbox) as made:
        made.model("churn")
        for number in range(5):
            made.snapshot(f"churn-{number}", "churn")
        made.runtime("live", "churn-0", at=START + timedelta(days=1))


async def start(gateway: GatewayClient, number: int) -> str:
    """A deployment that waits for a decision."""
    started = await deploy(gateway, f"churn-{number}")
    await wait_for_ticket(gateway, started)
    return started


async def finish(sandbox: Sandbox, gateway: GatewayClient, *deployments: str) -> None:
    """Approve them here, and wait until they are deployed."""
    for deployment in deployments:
        await approve(gateway, deployment)
        await wait_for_launch(gateway, deployment)
    sandbox.advance(600)
    for deployment in deployments:
        await wait_for_state(gateway, deployment, "DEPLOYED")


@pytest.mark.crash
@pytest.mark.usefixtures("models")
async def test_rolled_forwards_and_back(sandbox: Sandbox, postgres_server: str, tmp_path: Path) -> None:
    """Each gateway goes on with what the other has begun, on the earlier tables and on the later ones."""
    code = tmp_path / "previous"
    await asyncio.to_thread(unpack, code)
    blocks: dict[str, Any] = {"permissions": DEPLOYMENT_PERMISSIONS, "deployments": DEPLOYMENT_SETTINGS}
    with temporary_url(postgres_server) as url:
        config = configured(tmp_path, sandbox, url, **blocks)
        # The earlier release ends at once, and knows no such setting.
        later = configured(_made(tmp_path / "later"), sandbox, url, **blocks, server={"drainSeconds": 0})
        deployments = await forwards(sandbox, code, (config, later), url)
        async with serving(code, config) as gateway:
            deployments.append(await back(sandbox, gateway, url, deployments[1]))
            shown = await list_deployments(gateway)
        assert {item["id"]: item["state"] for item in shown} == dict.fromkeys(deployments, "DEPLOYED")
        await migrate_to(url, latest_version())
        events = await deployment_events(url)
    # Each was done and audited once, whichever gateway did it; without test data nothing is rehearsed.
    steps = ["verify", "approve", "launch", "settle"] * len(deployments)
    assert sorted(event.action for event in events) == sorted(f"deployment.{step}" for step in steps)
    assert {event.outcome for event in events} == {AuditOutcome.SUCCEEDED}
    assert len(sandbox.call("ListEndpoints", RISK.account, RISK.region)["Endpoints"]) == len(deployments)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


async def forwards(sandbox: Sandbox, code: Path, configs: tuple[Path, Path], url: str) -> list[str]:
    """Four deployments, begun and decided by either gateway; the second is launched by the earlier one as it ends."""
    config, later_config = configs
    async with AsyncExitStack() as earlier, AsyncExitStack() as later:
        before = await earlier.enter_async_context(serving(code, config))
        assert await current_version(url) == TABLES_OF_RELEASES[PREVIOUS]
        await register_model(before, "churn", "DOCUMENTATION")
        first = await start(before, 0)
        after = await later.enter_async_context(serving(ROOT, later_config))
        assert await current_version(url) == latest_version()
        second, third = await start(after, 1), await start(before, 2)
        rollout = await launch_rollout(before, after)
        await finish(sandbox, after, first, third)
        # The earlier one holds the loops, has seen the endpoint in service, and is done with it in its own eyes.
        work_id = f"deploy/{key_of(rollout, 'Deployment')}/1/settle"
        left = await wait_until(before, rollout, lambda _: workflow_statuses(url).get(work_id) == "SUCCESS")
        assert left["state"] == "LAUNCHING"
        await approve(before, second)
        await wait_for_launch(before, second)
        await earlier.aclose()
        await wait_for_state(after, rollout, "DEPLOYED")
    text = sandbox.call("DescribeEndpoint", RISK.account, RISK.region, EndpointName="live")
    routing = text["LastDeploymentConfig"]["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]
    assert (text["EndpointConfigName"], routing["Type"]) == ("churn-4", "CANARY")
    assert sandbox.calls.by_operation()["UpdateEndpoint"] == 1
    return [first, second, third, rollout]


async def launch_rollout(before: GatewayClient, after: GatewayClient) -> str:
    """A deployment with a plan, which the earlier release knows nothing of, and so may not decide about."""
    wanted = {"strategy": "CANARY", "step": {"percent": 50}, "waitSeconds": 0}
    rollout = await deploy(after, "churn-4", runtimeName="live", rollout=wanted)
    await wait_for_ticket(after, rollout)
    refused = (await mutate(before, "approveDeployment", {"id": rollout}, user="eve")).data["approveDeployment"]
    assert [error["code"] for error in refused["userErrors"]] == ["CONFLICT"]
    await approve(after, rollout)
    await wait_for_launch(after, rollout)
    return rollout


async def back(sandbox: Sandbox, gateway: GatewayClient, url: str, launched: str) -> str:
    """The earlier release has started on the later tables, ends what was launched, and stays as they are taken back."""
    assert await current_version(url) == latest_version()
    sandbox.advance(600)
    await wait_for_state(gateway, launched, "DEPLOYED")
    assert await migrate_to(url, PREVIOUS) == TABLES_OF_RELEASES[PREVIOUS]
    last = await start(gateway, 3)
    await finish(sandbox, gateway, last)
    return last
