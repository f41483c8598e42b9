"""The default snapshot of an import keeps to what its group may start."""

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK, OpenGateway
from tests.imports import IMPORT_PERMISSIONS, import_model

# A model of the estate that was never served.
MODEL = "ifrs9-macro-scenarios"


async def test_none_is_made_of_an_instance_type_that_the_group_may_not_start(
    open_working: OpenGateway, sandbox: Sandbox, estate: Estate
) -> None:
    permissions = [
        item | ({"instanceTypes": ["ml.t2.medium"]} if item["group"] == "risk" else {}) for item in IMPORT_PERMISSIONS
    ]
    async with open_working(permissions=permissions) as gateway:
        plan = (await import_model(gateway, MODEL, {"dryRun": True}))["plan"]
        payload = await import_model(gateway, MODEL)
    assert (plan["willCreateSnapshot"], plan["problems"]) == (None, [{"kind": "SNAPSHOT", "code": "QUOTA_EXCEEDED"}])
    (problem,) = payload["importRun"]["problems"]
    assert (problem["kind"], problem["code"]) == ("SNAPSHOT", "QUOTA_EXCEEDED")
    assert "ml.m5.large" in problem["message"]
    assert sandbox.calls.count("CreateEndpointConfig", account=RISK.account) == 0
