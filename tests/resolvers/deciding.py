"""Says words about deployments at a desk, and looks at what they come to."""

from typing import Any

from auth.permissions import Permission
from registry.courses import Course
from registry.words import DeploymentState
from resolvers.deployment_payloads import DeploymentPayload, Word
from tests.registry.deploying import again
from tests.resolvers.desks import Desk, told
from tests.workflows.deployments.made import verified


async def waiting(desk: Desk) -> Course:
    """A deployment of ann's that awaits approval."""
    course = await verified(desk.sandbox, desk.database, desk.means)
    assert course.state is DeploymentState.AWAITING_APPROVAL
    desk.asked()
    desk.noted.started.clear()
    return course


async def said(desk: Desk, word: Any, course: Course, comment: str | None = None, by: str = "eve") -> DeploymentPayload:
    """What a word about a deployment comes to."""
    async with desk.act(Permission.APPROVE, by) as act:
        payload: DeploymentPayload = await word(act, Word(course.id, comment))
    assert act.target == f"Deployment {course.id}"
    return payload


async def conflicts(desk: Desk, word: Any, course: Course) -> str:
    """What a word is answered with that is in conflict with how the deployment stands, which is shown as it is now."""
    payload = await said(desk, word, course)
    ((code, field, message),) = told(payload.user_errors)
    assert payload.deployment is not None
    assert (code, field) == ("CONFLICT", None)
    assert (payload.deployment.id, payload.deployment.state) == (course.id, (await again(desk.database, course)).state)
    return message


async def unchanged(desk: Desk, course: Course) -> bool:
    """Whether nothing has come of what was asked, neither in the registry nor in AWS."""
    return (await again(desk.database, course), desk.asked(), desk.noted.started) == (course, {}, [])
