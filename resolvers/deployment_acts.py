"""What people do about deployments: they start them, decide about them, stop them, and have them begin again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from auth.errors import ForbiddenError
from auth.ownership import through
from auth.permissions import Permission
from aws.kinds import Kind
from aws.naming import NAME
from aws.resources import Snapshot
from registry import deployment_lists, deployments
from registry.courses import ENDED, Course
from registry.ids import key_of
from registry.records import Deployment
from registry.words import DecisionOutcome, DeploymentTrigger
from resolvers.acts import Act, absent
from resolvers.deployment_payloads import DeploymentPayload, DeploySnapshot, Word
from resolvers.lookups import readable
from resolvers.public_settings import ApprovalKind
from resolvers.user_errors import UserError, UserErrorCode, UserFaultError, fault
from resolvers.written_texts import checked_text
from workflows.deployments import turning
from workflows.deployments.deciding import CHANGED, Decided, decide, has_started
from workflows.deployments.starting import new_deployment
from workflows.durable.errors import StepFailedError

LONGEST_COMMENT: Final = 2_000
"""The most characters of what is said with a decision."""


async def deploy(act: Act, given: DeploySnapshot) -> DeploymentPayload:
    """Starts the lifecycle for a snapshot; where one goes on for it already, that one is in conflict with it."""
    act.target = f"Snapshot {given.snapshot_name[:63]}"
    if faults := list(_faults(given)):
        raise UserFaultError(faults)
    hand = await act.hand(given.group, given.region)
    name = given.snapshot_name
    what = readable((await hand.view.inventory.describe(Kind.SNAPSHOT, [name]))[name])
    if not isinstance(what, Snapshot):
        scope = hand.view.scope
        words = f"SageMaker has no endpoint configuration `{name}` in account {scope.account_id}, {scope.region}."
        raise fault(words, UserErrorCode.NOT_FOUND, "snapshotName")
    wanted = replace(
        new_deployment(what, hand.group, DeploymentTrigger.REQUEST, hand.subject),
        rehearse=given.rehearse,
        launch=given.launch,
        runtime_wish=given.runtime_name,
    )
    course, started = await act.request.services.lifecycle.starting.start(wanted)
    if started:
        return await _payload(act, course.key)
    words = f"A deployment of `{name}` goes on already; there is one at a time for each snapshot."
    visible = through(act.request.policy, act.request.caller, course.group, Permission.READ) is not None
    return await _conflict(act, course.key if visible else None, words, "snapshotName")


async def approve(act: Act, given: Word) -> DeploymentPayload:
    """Lets a deployment that waits for a decision go on to its launch."""
    return await _decide(act, given, DecisionOutcome.APPROVED)


async def reject(act: Act, given: Word) -> DeploymentPayload:
    """Ends a deployment that waits for a decision."""
    return await _decide(act, given, DecisionOutcome.REJECTED)


async def cancel(act: Act, given: Word) -> DeploymentPayload:
    """Stops a deployment, with what runs in AWS for it."""
    course, comment = await _seen(act, given.id), _comment(given)
    if not await turning.cancel(act.request.services.lifecycle.means, course, act.subject, comment):
        now = course if course.state in ENDED else await _again(act, course)
        return await _conflict(act, course.key, f"The deployment is {now.state.value}; it cannot be cancelled now.")
    return await _payload(act, course.key)


async def retry(act: Act, given: Word) -> DeploymentPayload:
    """Lets a deployment begin again that is held up or has failed."""
    course = await _seen(act, given.id)
    _comment(given)
    means = act.request.services.lifecycle.means
    if course.state not in turning.AGAIN:
        words = f"The deployment is {course.state.value}; only one that is BLOCKED or FAILED can begin again."
        return await _conflict(act, course.key, words)
    async with means.database.reading() as connection:
        other = await deployments.active(connection, course.account_id, course.region, course.snapshot_name)
    if other is not None and other.key != course.key:
        words = f"Another deployment of `{course.snapshot_name}` goes on; there is one at a time for each snapshot."
        return await _conflict(act, course.key, words)
    if not await turning.begin_again(means, course):
        return await _conflict(act, course.key, "Somebody else has changed the deployment at this moment.")
    return await _payload(act, course.key)


async def _decide(act: Act, given: Word, outcome: DecisionOutcome) -> DeploymentPayload:
    course, comment = await _seen(act, given.id), _comment(given)
    services = act.request.services
    means = services.lifecycle.means
    if has_started(course, act.subject) and not means.rules.self_approval:
        raise ForbiddenError(
            "You have started this deployment, and somebody else decides about it; `deployments.selfApproval` would "
            "let you."
        )
    if services.public_settings.approval is ApprovalKind.JIRA:
        words = "Deployments are decided about in Jira (`deployments.approval`), by the status of their ticket."
        raise fault(words, UserErrorCode.DISABLED)
    try:
        decided = await decide(means, course.key, outcome, act.subject, datetime.now(UTC), comment)
    except StepFailedError as error:
        raise ForbiddenError(f"The snapshot cannot be seen with the group's role now. {error}") from error
    if decided is Decided.VOID:
        return await _conflict(act, course.key, CHANGED.format(course.snapshot_name))
    if decided is Decided.LATE:
        now = await _again(act, course)
        return await _conflict(act, course.key, f"The deployment is {now.state.value}; it awaits no decision.")
    return await _payload(act, course.key)


async def _seen(act: Act, deployment_id: str) -> Course:
    """The deployment of an id, if the caller may do this with it.

    Raises:
        UserFaultError: There is none that the caller may see.
        auth.errors.ForbiddenError: It may be seen, and this may not be done with it.
    """
    key = key_of(deployment_id, "Deployment")
    course = None
    if key is not None:
        async with act.request.services.database.reading() as connection:
            course = await deployments.course(connection, key)
    if course is None:
        raise absent("deployment", "id")
    act.target = f"Deployment {course.id}"
    act.require_visible(course.group, "deployment", "id")
    return course


async def _again(act: Act, course: Course) -> Course:
    """The deployment as it stands now."""
    async with act.request.services.database.reading() as connection:
        return await deployments.course(connection, course.key) or course


async def _payload(act: Act, key: str) -> DeploymentPayload:
    return DeploymentPayload(deployment=await _record(act, key))


async def _conflict(act: Act, key: str | None, words: str, *field: str) -> DeploymentPayload:
    error = UserError(words, UserErrorCode.CONFLICT, field or None)
    deployment = None if key is None else await _record(act, key)
    return DeploymentPayload(deployment=deployment, user_errors=(error,))


async def _record(act: Act, key: str) -> Deployment | None:
    async with act.request.services.database.reading() as connection:
        return await deployment_lists.by_key(connection, key)


def _comment(given: Word) -> str | None:
    return checked_text(given.comment, LONGEST_COMMENT, "comment")


def _faults(given: DeploySnapshot) -> Iterator[UserError]:
    """Names that nothing in SageMaker has, and wishes that contradict each other."""
    for name, field in ((given.snapshot_name, "snapshotName"), (given.runtime_name, "runtimeName")):
        if name is not None and not NAME.fullmatch(name):
            words = "This cannot be a name in SageMaker: names are 1 to 63 letters and digits, with hyphens in between."
            yield UserError(words, UserErrorCode.INVALID, (field,))
    if given.runtime_name is not None and not given.launch:
        words = "Without `launch` there is no endpoint, so none is named."
        yield UserError(words, UserErrorCode.INVALID, ("runtimeName",))
