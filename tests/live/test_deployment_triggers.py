"""What starts deployments by itself, over HTTP: imports, and new snapshots of imported models, each once."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.deployments import (
    DEPLOYMENT_PERMISSIONS,
    DEPLOYMENT_SETTINGS,
    TIMEOUT_SECONDS,
    call_counts,
    create_model,
    deploy,
    list_deployments,
    register_model,
    use_fast_pace,
    wait_for_state,
    wait_until,
)
from tests.gateway_client import (
    MARKETING,
    RISK,
    GatewayClient,
    OpenGateway,
    assume_role_entry,
    credential_settings,
)
from tests.imports import import_model
from tests.sagemaker_builder import building, variant

WATCH = {**DEPLOYMENT_SETTINGS, "watchSeconds": 0.1}


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fast_pace(monkeypatch)


def snapshot(sandbox: Sandbox, name: str, model_name: str = "churn") -> None:
    """An endpoint configuration that somebody makes now, elsewhere."""
    sandbox.call("CreateEndpointConfig", RISK.account, RISK.region, EndpointConfigName=name,
                 ProductionVariants=[variant(model_name)])  # fmt: skip


async def started(gateway: GatewayClient, *snapshots: str) -> Sequence[Any]:
    """The deployments, once there is one of each of these snapshots and no other."""
    begun = time.monotonic()
    while True:
        deployments = await list_deployments(gateway)
        names = sorted(item["snapshotName"] for item in deployments)
        if names == sorted(snapshots):
            return deployments
        assert len(deployments) <= len(snapshots), deployments
        assert time.monotonic() - begun < TIMEOUT_SECONDS, deployments
        await asyncio.sleep(0.05)


async def looks(sandbox: Sandbox, times: int = 3) -> None:
    """Waits until the watch has listed snapshots so often."""
    before = call_counts(sandbox, "ListEndpointConfigs")[0]
    begun = time.monotonic()
    while call_counts(sandbox, "ListEndpointConfigs")[0] < before + times:
        assert time.monotonic() - begun < TIMEOUT_SECONDS
        await asyncio.sleep(0.05)


async def test_an_import_starts_them(sandbox: Sandbox, open_working: OpenGateway, database_url: str) -> None:
    create_model(sandbox)
    snapshot(sandbox, "churn-2")
    async with open_working(
        permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS, database={"url": database_url}
    ) as gateway:
        payload = await import_model(gateway, "churn", {"startDeployments": True})
        result = await started(gateway, "churn-1", "churn-2")
        assert {(element["trigger"], element["startedBy"], element["group"]) for element in result} == {
            ("IMPORT", "ann", "risk")
        }
        for item in result:
            await wait_for_state(gateway, item["id"], "BLOCKED")
        query = "query($id: ID!) { node(id: $id) { ... on ImportRun { problems { code } deployments { id } } } }"
        run = (await gateway.ask(query, {"id": payload["importRun"]["id"]})).data["node"]
        assert run["problems"] == []
        assert sorted(member["id"] for member in run["deployments"]) == sorted(item["id"] for item in result)
        # Another import joins what goes on.
        await import_model(gateway, "churn", {"startDeployments": True})
        await started(gateway, "churn-1", "churn-2")


async def test_the_default_snapshot_of_an_import_is_deployed(sandbox: Sandbox, open_working: OpenGateway) -> None:
    with building(sandbox) as made:
        made.model("bare")
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments={"requiredAssets": []}) as gateway:
        await import_model(gateway, "bare", {"startDeployments": True})
        (result,) = await started(gateway, "bare-default")
        await wait_for_state(gateway, result["id"], "AWAITING_APPROVAL")


async def test_an_import_with_entered_keys_starts_none(
    sandbox: Sandbox, estate: Estate, open_working: OpenGateway
) -> None:
    """They are for the import alone, and may see another account than the group's role; the plan says so, too."""
    allowed = [DEPLOYMENT_PERMISSIONS[0], {"group": "risk", "allow": ["READ", "IMPORT", "DEPLOY", "ENTER_CREDENTIALS"]}]
    container = {"Image": "image"}
    for operation, ask in (
        ("CreateModel", {"ModelName": "churn", "ExecutionRoleArn": "arn:aws:iam::111111111111:role/execution",
                         "PrimaryContainer": container}),
        ("CreateEndpointConfig", {"EndpointConfigName": "churn-1", "ProductionVariants": [variant("churn")]}),
    ):  # fmt: skip
        sandbox.call(operation, estate.account, RISK.region, **ask)
    keys = {"accessKeyId": estate.access_key_id, "secretAccessKey": estate.secret_access_key, "region": RISK.region}
    value = {"startDeployments": True, "credentials": keys}
    async with open_working(
        permissions=allowed, deployments=DEPLOYMENT_SETTINGS, enterCredentials={"enabled": True}
    ) as gateway:
        plan = (await import_model(gateway, "churn", {**value, "dryRun": True}))["plan"]
        run = (await import_model(gateway, "churn", value))["importRun"]
        assert run["state"] == "DONE"
        (problem,) = run["problems"]
        assert problem["message"] == (
            "Entered credentials are for the import alone, so no deployment is started; deploySnapshot starts one as "
            "the group's own role."
        )
        assert plan["problems"] == [{"kind": "SNAPSHOT", "code": "DISABLED"}]
        unwanted = await import_model(gateway, "churn", {**value, "startDeployments": False})
        assert unwanted["importRun"]["problems"] == []
        await started(gateway)


async def test_without_deploy_an_import_tells_of_it(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    without = [*DEPLOYMENT_PERMISSIONS[:1], {"group": "risk", "allow": ["READ", "IMPORT"]}]
    async with open_working(permissions=without, deployments=DEPLOYMENT_SETTINGS) as gateway:
        payload = await import_model(gateway, "churn", {"startDeployments": True})
        assert payload["importRun"]["state"] == "DONE"
        (problem,) = payload["importRun"]["problems"]
        assert (problem["kind"], problem["code"], problem["count"]) == ("SNAPSHOT", "FORBIDDEN", 1)
        assert problem["message"].startswith("The group does not have the permission DEPLOY, so no deployment")
        await started(gateway)


async def test_a_new_snapshot_of_an_imported_model(
    sandbox: Sandbox, open_working: OpenGateway, database_url: str
) -> None:
    """It is found once, whoever made it, across restarts, and also where it was made while nobody looked."""
    create_model(sandbox)
    where: dict[str, Any] = {
        "permissions": DEPLOYMENT_PERMISSIONS,
        "deployments": WATCH,
        "database": {"url": database_url},
    }
    async with open_working(**where) as gateway:
        await register_model(gateway, "churn")
        await looks(sandbox)
        await started(gateway)
        snapshot(sandbox, "churn-2")
        (result,) = await started(gateway, "churn-2")
        assert (result["trigger"], result["startedBy"], result["group"]) == ("NEW_SNAPSHOT", "sagegraph", "risk")
        await looks(sandbox)
        await started(gateway, "churn-2")
    snapshot(sandbox, "churn-3")
    async with open_working(**where) as gateway:
        await started(gateway, "churn-2", "churn-3")
        await looks(sandbox)
        await started(gateway, "churn-2", "churn-3")


async def test_one_made_again_under_its_name_is_new(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=WATCH) as gateway:
        await register_model(gateway, "churn")
        sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1")
        snapshot(sandbox, "churn-1")
        await started(gateway, "churn-1")


async def test_what_no_imported_model_is_in_is_left(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    with building(sandbox) as made:
        made.model("fraud")
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=WATCH) as gateway:
        await register_model(gateway, "churn")
        snapshot(sandbox, "fraud-1", "fraud")
        await looks(sandbox)
        await started(gateway)


async def test_a_snapshot_of_models_of_two_groups_is_deployed_by_the_one_that_has_them_all(
    sandbox: Sandbox, open_working: OpenGateway, database_url: str
) -> None:
    """The group that is looked at first has only one of them: it is told so, and the other one is not left out.

    The snapshot is made while nobody looks, because who is looked at next is chance otherwise.
    """
    with building(sandbox) as made:
        made.model("churn")
        made.model("fraud")
    allowed = [*DEPLOYMENT_PERMISSIONS[:2], {"group": "alpha", "allow": ["READ", "IMPORT", "DEPLOY"], "over": ["risk"]}]
    served = {
        **credential_settings(assume_role_entry(RISK), assume_role_entry(RISK, "alpha")),
        "permissions": allowed,
        "database": {"url": database_url},
    }
    none = {"createDefaultSnapshot": False}
    async with open_working(**served, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await import_model(gateway, "churn", none, groups=("alpha",))
        for name in ("churn", "fraud"):
            await import_model(gateway, name, none)
    variants = [variant("churn"), variant("fraud", "second")]
    sandbox.call("CreateEndpointConfig", RISK.account, RISK.region, EndpointConfigName="both",
                 ProductionVariants=variants)  # fmt: skip
    async with open_working(**served, deployments=WATCH) as gateway:
        (blocked,) = await started(gateway, "both")
        result = await wait_until(gateway, blocked["id"], lambda matches: matches["state"] != "VERIFYING")
        assert (result["group"], result["state"]) == ("risk", "BLOCKED")
        query = "{ deployments { nodes { group state reason } } }"
        shown = (await gateway.ask(query, groups=("alpha",))).data["deployments"]["nodes"]
        assert [(item["group"], item["state"]) for item in shown] == [("risk", "BLOCKED"), ("alpha", "SKIPPED")]
        assert "the group `alpha` has not imported `fraud`" in shown[1]["reason"]


async def test_a_group_that_may_not_deploy_is_in_nobodys_way(sandbox: Sandbox, open_working: OpenGateway) -> None:
    """It has imported the same model, and is looked at first."""
    create_model(sandbox)
    allowed = [*DEPLOYMENT_PERMISSIONS, {"group": "alpha", "allow": ["READ", "IMPORT"]}]
    served = credential_settings(assume_role_entry(RISK), assume_role_entry(RISK, "alpha"))
    async with open_working(**served, permissions=allowed, deployments={**WATCH, "requiredAssets": []}) as gateway:
        for group in ("alpha", "risk"):
            await import_model(gateway, "churn", groups=(group,))
        await looks(sandbox)
        snapshot(sandbox, "churn-2")
        (own,) = await started(gateway, "churn-2")
        await wait_for_state(gateway, own["id"], "AWAITING_APPROVAL")
        answer = await gateway.ask("{ deployments { nodes { state } } }", groups=("alpha",))
        assert answer.data["deployments"]["nodes"] in ([], [{"state": "BLOCKED"}])


async def test_many_models_cost_one_listing(sandbox: Sandbox, open_working: OpenGateway) -> None:
    """A look asks for what is new alone; what was described is not described again."""
    for number in range(4):
        with building(sandbox) as made:
            made.model(f"model-{number}")
            made.snapshot(f"snapshot-{number}", f"model-{number}")
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments={**WATCH, "watchSeconds": 0.4}) as gateway:
        for number in range(4):
            await register_model(gateway, f"model-{number}")
        await looks(sandbox, 1)
        sandbox.calls.clear()
        await looks(sandbox, 3)
        assert call_counts(sandbox, "DescribeEndpointConfig", "DescribeModel") == [0, 0]
        assert call_counts(sandbox, "ListEndpointConfigs")[0] <= 4


async def test_a_group_whose_role_is_refused_holds_nobody_up(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    with building(sandbox, MARKETING) as made:
        made.model("promo")
    allowed = [*DEPLOYMENT_PERMISSIONS, {"group": "marketing", "allow": ["READ", "IMPORT", "DEPLOY"]}]
    async with open_working(permissions=allowed, deployments=WATCH) as gateway:
        await register_model(gateway, "churn")
        await import_model(gateway, "promo", {"createDefaultSnapshot": False}, groups=("marketing",))
        sandbox.faults.refuse("List*", account=MARKETING.account)
        snapshot(sandbox, "churn-2")
        await started(gateway, "churn-2")


async def test_a_request_that_the_watch_meets_is_one_deployment(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=WATCH) as gateway:
        await register_model(gateway, "churn")
        snapshot(sandbox, "churn-2")
        answers = await asyncio.gather(deploy(gateway, "churn-2"), started(gateway, "churn-2"), return_exceptions=True)
        assert not isinstance(answers[1], BaseException)
        await looks(sandbox)
        await started(gateway, "churn-2")
