"""Says words about deployments at a harness, and looks at what they come to."""

from typing import Any

from auth.permissions import Permission
from registry.deployment_rows import DeploymentRow
from registry.enums import DeploymentState
from resolvers.deployments.actions import DeploymentResult, DeploymentTarget
from tests.registry.factories import reload_deployment
from tests.resolvers.harness import MutationHarness, error_triples
from tests.workflows.deployments.deployment_rows import verified_deployment


async def awaiting_approval(harness: MutationHarness) -> DeploymentRow:
    """A deployment of ann's that awaits approval."""
    deployment = await verified_deployment(harness.sandbox, harness.database, harness.means)
    assert deployment.state is DeploymentState.AWAITING_APPROVAL
    harness.take_aws_calls()
    harness.started_work.started.clear()
    return deployment


async def act_on(
    harness: MutationHarness, word: Any, deployment: DeploymentRow, comment: str | None = None, by: str = "eve"
) -> DeploymentResult:
    """What a word about a deployment comes to."""
    async with harness.mutation(Permission.APPROVE, by) as context:
        payload: DeploymentResult = await word(context, DeploymentTarget(deployment.id, comment))
    assert context.target == f"Deployment {deployment.id}"
    return payload


async def conflict_message(harness: MutationHarness, word: Any, deployment: DeploymentRow) -> str:
    """What a word is answered with that is in conflict with how the deployment stands, which is shown as it is now."""
    payload = await act_on(harness, word, deployment)
    ((code, field, message),) = error_triples(payload.user_errors)
    assert payload.deployment is not None
    assert (code, field) == ("CONFLICT", None)
    assert (payload.deployment.id, payload.deployment.state) == (
        deployment.id,
        (await reload_deployment(harness.database, deployment)).state,
    )
    return message


async def is_unchanged(harness: MutationHarness, deployment: DeploymentRow) -> bool:
    """Whether nothing has come of what was asked, neither in the registry nor in AWS."""
    return (
        await reload_deployment(harness.database, deployment),
        harness.take_aws_calls(),
        harness.started_work.started,
    ) == (
        deployment,
        {},
        [],
    )
