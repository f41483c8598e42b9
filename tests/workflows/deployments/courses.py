"""A deployment as its work sees it, for tests that keep none."""

from registry.courses import DeploymentRow
from registry.words import DeploymentState, DeploymentTrigger
from tests.registry.making import NOON

DEPLOYMENT_ROW = DeploymentRow(
    key="0123456789abcdef",
    group="risk",
    account_id="111111111111",
    region="eu-west-1",
    snapshot_name="churn-1",
    snapshot_created_at=NOON,
    snapshot_digest="digest",
    state=DeploymentState.VERIFYING,
    since=NOON,
    attempt=1,
    trigger=DeploymentTrigger.REQUEST,
    rehearse=True,
    launch=True,
    runtime_wish=None,
    runtime_before=None,
    runtime_name=None,
    reason=None,
    started_by="ann",
    started_at=NOON,
    decision=None,
)
"""A deployment that was begun just now."""
