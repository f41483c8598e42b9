"""Mutations that link a job to an imported model by hand, and take the link away."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from auth.errors import AuthError
from aws.client.errors import AWSError
from aws.kinds.catalog import JOB_TYPES, AnyJob
from aws.kinds.kind import Kind
from aws.kinds.statuses import JobType
from registry import job_links, registrations
from registry.enums import ElementKind
from registry.ids import key_of
from registry.job_links import MAX_LINKS, MAX_LINKS_OF_GROUP, LinkOwner, NewJobLink
from registry.records import Registration
from resolvers.errors import UserError, UserErrorCode, user_fault
from resolvers.lists.filters import kinds_of_types
from resolvers.lookups import resource_or_raise
from resolvers.mutations.context import MutationContext, not_found
from resolvers.mutations.validation import MAX_DESCRIPTION_LENGTH, InputChecks, check_resource_name, checked_text
from resolvers.registrations.updates import require_owner_access, require_registration
from resolvers.views.resource_view import LiveView, Viewed, viewed
from resolvers.views.stored import owner_view

_REGISTRATION_FIELD: Final = "registrationId"
_TOO_MANY: Final = (
    f"A registration has {MAX_LINKS} links by hand at most, and a group {MAX_LINKS_OF_GROUP:,} in one region. Take "
    "some away with unlinkJob."
)
_NOT_LINKED: Final = (
    "No {kind} `{name}` is linked to this registration by hand. A job that belongs to the model by its own description "
    "cannot be unlinked."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLinkInput:
    """A registration and a job of its region (`LinkJobInput`, `UnlinkJobInput`).

    Attributes:
        registration_id: The registration's id.
        type: The job's type.
        name: The job's name.
        comment: The words to keep with the link; ignored when it is taken away.
    """

    registration_id: str
    type: JobType
    name: str
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLinkResult:
    """The result of linking a job, or of taking the link away.

    Attributes:
        registration: The registration; None if the input is at fault.
        job: The job; None if it is not readable.
        user_errors: The faults of the input.
    """

    registration: Registration | None = None
    job: Viewed[AnyJob] | None = None
    user_errors: tuple[UserError, ...] = ()


async def link_job(context: MutationContext, input: JobLinkInput) -> JobLinkResult:
    """Keep that the input's job made or tested a model; the job must be there. An existing link stays as it was made.

    Raises:
        UserFaultError: The registration or the job is not there, the input is malformed, or there are too many links.
        AWSError: The job could not be read.
    """
    registration, kind, comment = await _checked(context, input)
    context.success_note = comment
    view = (await require_owner_access(context, registration, _REGISTRATION_FIELD)).view
    job = await _require_job(view, kind, input.name)
    link = NewJobLink(
        registration_key=str(key_of(registration.id, "Registration")),
        kind=ElementKind[kind.name],
        name=input.name,
        job_created_at=job.creation_time or job.as_of,
        linked_by=context.subject,
        linked_at=datetime.now(UTC),
        comment=comment,
    )
    return JobLinkResult(registration=await _save(context, registration, link), job=viewed(view, job))


async def unlink_job(context: MutationContext, input: JobLinkInput) -> JobLinkResult:
    """Take the input's link away. AWS need not answer for it.

    Raises:
        UserFaultError: There is no such registration or link, or the input is malformed.
    """
    registration, kind, _ = await _checked(context, input)
    services, key = context.request.services, str(key_of(registration.id, "Registration"))
    async with services.database.writing() as connection:
        if not await job_links.remove(connection, key, ElementKind[kind.name], input.name):
            message = _NOT_LINKED.format(kind=kind.value, name=input.name)
            raise user_fault(message, UserErrorCode.NOT_FOUND, "name")
        kept = await registrations.by_key(connection, key, services.required_assets)
    services.job_links.forget()
    if kept is None:
        raise not_found("registration", _REGISTRATION_FIELD)
    return JobLinkResult(registration=kept, job=await _job_or_none(context, registration, kind, input.name))


async def _checked(context: MutationContext, input: JobLinkInput) -> tuple[Registration, Kind, str | None]:
    """The registration, the kind of the job and the comment, once the caller may and the input is sound."""
    registration = await require_registration(context, input.registration_id, _REGISTRATION_FIELD)
    (kind,) = kinds_of_types((input.type,))
    checks = InputChecks()
    checks.run(check_resource_name, kind, input.name, "name")
    comment = checks.run(checked_text, input.comment, MAX_DESCRIPTION_LENGTH, "comment")
    checks.raise_if_any()
    context.target = f"Registration {registration.id}, {kind.value} {input.name}"
    return registration, kind, comment


async def _require_job(view: LiveView, kind: Kind, name: str) -> AnyJob:
    """The job as it is now. Raises UserFaultError if there is none, and AWSError if it could not be read."""
    job = resource_or_raise((await view.inventory.fresh().describe(kind, [name]))[name])
    if not isinstance(job, JOB_TYPES):
        message = f"There is no {kind.value} `{name}` in {view.region}, as the registration's group sees it."
        raise user_fault(message, UserErrorCode.NOT_FOUND, "name")
    return job


async def _save(context: MutationContext, registration: Registration, link: NewJobLink) -> Registration:
    services = context.request.services
    owner = LinkOwner(registration.group, registration.account_id, registration.region)
    async with services.database.writing() as connection:
        kept = await registrations.by_key(connection, link.registration_key, services.required_assets)
        if kept is None:
            raise not_found("registration", _REGISTRATION_FIELD)
        if not await job_links.save(connection, owner, link):
            raise user_fault(_TOO_MANY, UserErrorCode.QUOTA_EXCEEDED, _REGISTRATION_FIELD)
    services.job_links.forget()
    return kept


async def _job_or_none(
    context: MutationContext, registration: Registration, kind: Kind, name: str
) -> Viewed[AnyJob] | None:
    """The job, if it can be shown: the link is gone either way."""
    try:
        view = await owner_view(context.request, registration)
        job = (await view.inventory.describe(kind, [name]))[name]
    except (AuthError, AWSError):
        return None
    return viewed(view, job) if isinstance(job, JOB_TYPES) else None
