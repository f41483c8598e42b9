"""A runtime in service, and how it stands."""

from aws.write.inputs import RuntimeChange
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, REGION


def to(snapshot: str) -> RuntimeChange:
    """A move to a snapshot, without any wish."""
    return RuntimeChange(snapshot_name=snapshot)


def state(sandbox: Sandbox) -> tuple[str, str, str | None]:
    """Status, snapshot and pending snapshot of `live`."""
    result = sandbox.call("DescribeEndpoint", ACCOUNT, REGION, EndpointName="live")
    pending = result.get("PendingDeploymentSummary", {}).get("EndpointConfigName")
    return result["EndpointStatus"], result["EndpointConfigName"], pending


UPDATING = ("Updating", "scorer-1", "scorer-2")
AS_BEFORE = ("InService", "scorer-1", None)
