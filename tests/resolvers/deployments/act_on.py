"""Says words about deployments at a desk, and looks at what they come to."""

from typing import Any

from auth.permissions import Permission
from registry.deployment_rows import DeploymentRow
from registry.enums import DeploymentState
from resolvers.deployments.actions import DeploymentResult, DeploymentTarget
from tests.registry.factories import reload_deployment
from tests.resolvers.harness import MutationHarness, error_triples
from tests.workflows.deployments.deployment_rows import verified_deployment


async def awaiting_approval(desk: MutationHarness) -> DeploymentRow:
    """A deployment of ann's that awaits approval."""
    course = await verified_deployment(desk.sandbox, desk.database, desk.means)
    assert course.state is DeploymentState.AWAITING_APPROVAL
    desk.take_aws_calls()
    desk.started_work.started.clear()
    return course


async def act_on(
    desk: MutationHarness, word: Any, course: DeploymentRow, comment: str | None = None, by: str = "eve"
) -> DeploymentResult:
    """What a word about a deployment comes to."""
    async with desk.mutation(Permission.APPROVE, by) as act:
        payload: DeploymentResult = await word(act, DeploymentTarget(course.id, comment))
    assert act.target == f"Deployment {course.id}"
    return payload


async def conflict_message(desk: MutationHarness, word: Any, course: DeploymentRow) -> str:
    """What a word is answered with that is in conflict with how the deployment stands, which is shown as it is now."""
    payload = await act_on(desk, word, course)
    ((code, field, message),) = error_triples(payload.user_errors)
    assert payload.deployment is not None
    assert (code, field) == ("CONFLICT", None)
    assert (payload.deployment.id, payload.deployment.state) == (
        course.id,
        (await reload_deployment(desk.database, course)).state,
    )
    return message


async def is_unchanged(desk: MutationHarness, course: DeploymentRow) -> bool:
    """Whether nothing has come of what was asked, neither in the registry nor in AWS."""
    return (await reload_deployment(desk.database, course), desk.take_aws_calls(), desk.started_work.started) == (
        course,
        {},
        [],
    )
