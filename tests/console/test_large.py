"""The console before a large account: the longest names, more of everything than a page has, and what is left out."""

import time
from pathlib import Path
from typing import Any

import pytest

from sandbox.estate import Estate, Group
from sandbox.server import Sandbox
from tests.console.conftest import demo_gateway, running_script

pytestmark = pytest.mark.slow

MODELS, SNAPSHOTS = 30, 24
MODEL = "a-model-whose-name-is-as-long-as-sagemaker-allows-it-to-be-{:04}"
SNAPSHOT = "a-snapshot-whose-name-is-as-long-as-sagemaker-allows-it-to-{:04}"
RUNTIME = "a-runtime-whose-name-is-as-long-as-sagemaker-allows-it-to-be-{:02}"


def enlarge(sandbox: Sandbox, group: Group) -> None:
    """Make models, and snapshots of the first of them, the oldest of which runs."""

    def call(operation: str, **request: Any) -> None:
        sandbox.call(operation, group.account, group.region, **request)

    image = {"Image": f"{group.account}.dkr.ecr.{group.region}.amazonaws.com/scorer:1"}
    begun = time.time()
    sandbox.clock.freeze()
    for number in range(MODELS):
        sandbox.clock.set(begun - 90_000 + number)
        ask = {"ModelName": MODEL.format(number), "ExecutionRoleArn": group.execution_role_arn}
        call("CreateModel", **ask, PrimaryContainer=image)
    for number in range(SNAPSHOTS):
        variant = {"VariantName": "v1", "ModelName": MODEL.format(0), "InstanceType": "ml.m5.large"}
        variants = [{**variant, "InitialInstanceCount": 1}]
        call("CreateEndpointConfig", EndpointConfigName=SNAPSHOT.format(number), ProductionVariants=variants)
    call("CreateEndpoint", EndpointName=RUNTIME.format(0), EndpointConfigName=SNAPSHOT.format(0))
    sandbox.clock.set(begun)
    sandbox.sagemaker.run_due()
    sandbox.clock.run()


async def test_a_large_account_is_shown_page_by_page(
    browser_packages: Path, sandbox: Sandbox, estate: Estate, tmp_path: Path
) -> None:
    enlarge(sandbox, estate.risk)
    async with (
        demo_gateway(sandbox, estate) as url,
        running_script(browser_packages, "large.mjs", url=url, folder=str(tmp_path)) as script,
    ):
        await script.ended()
