"""Registration mutations: inputs and payloads."""

from typing import Any

import strawberry

from resolvers.registrations.job_links import JobLinkInput
from resolvers.registrations.updates import UNCHANGED, UpdateRegistration
from schema.fields import attribute
from schema.imports.mutations import IMPORT_RUN_DESCRIPTION
from schema.imports.types import ImportPlan, ImportRun
from schema.inputs import optional, required
from schema.jobs.enums import JobType
from schema.jobs.types import Job
from schema.payloads import MutationPayload
from schema.registrations.types import Registration
from schema.scalars import JSON

_REGISTRATION_ID = "The id of the registration"


@strawberry.input(description="The registration to sync")
class SyncRegistrationInput:
    """An id."""

    id: strawberry.ID = required(_REGISTRATION_ID)

    def value(self) -> str:
        """The id."""
        return str(self.id)


@strawberry.input(description="The registration to remove")
class RemoveRegistrationInput:
    """An id."""

    id: strawberry.ID = required(_REGISTRATION_ID)

    def value(self) -> str:
        """The id."""
        return str(self.id)


@strawberry.input(
    description="The fields of a registration to change; a field that is left out stays, and null clears it"
)
class UpdateRegistrationInput:
    """See resolvers.registrations.updates.UpdateRegistration."""

    id: strawberry.ID = required(_REGISTRATION_ID)
    display_name: str | None = optional("The name shown to people; null: the model's own name", strawberry.UNSET)
    description: str | None = optional("A description for people; null for none", strawberry.UNSET)
    custom_metadata: JSON | None = optional(
        "A JSON Merge Patch (RFC 7396) of the custom metadata: objects are merged, null deletes a key", strawberry.UNSET
    )

    def value(self) -> UpdateRegistration:
        """The input's value."""
        return UpdateRegistration(
            id=str(self.id),
            display_name=_or_unchanged(self.display_name),
            description=_or_unchanged(self.description),
            custom_metadata=_or_unchanged(self.custom_metadata),
        )


def _or_unchanged(value: Any) -> Any:
    return UNCHANGED if value is strawberry.UNSET else value


@strawberry.input(description="A registration, and a job in its account and region")
class LinkJobInput:
    """See resolvers.registrations.job_links.JobLinkInput."""

    registration_id: strawberry.ID = required(_REGISTRATION_ID)
    type: JobType = required("The kind of job")
    name: str = required("The job's name")
    comment: str | None = optional("The reason, at most 10,000 characters; the link and the audit keep it")

    def value(self) -> JobLinkInput:
        """The input's value."""
        return JobLinkInput(
            registration_id=str(self.registration_id), type=self.type, name=self.name, comment=self.comment
        )


@strawberry.input(description="The registration and the job whose link to remove")
class UnlinkJobInput:
    """See resolvers.registrations.job_links.JobLinkInput."""

    registration_id: strawberry.ID = required(_REGISTRATION_ID)
    type: JobType = required("The kind of job")
    name: str = required("The job's name")

    def value(self) -> JobLinkInput:
        """The input's value."""
        return JobLinkInput(registration_id=str(self.registration_id), type=self.type, name=self.name)


_REGISTRATION_OR_NULL = "The registration after the change; null if nothing was changed"


@strawberry.type(description="The result of syncRegistration")
class SyncRegistrationPayload(MutationPayload):
    """See resolvers.imports.results.ImportResult."""

    registration: Registration | None = attribute(_REGISTRATION_OR_NULL)
    import_run: ImportRun | None = attribute(IMPORT_RUN_DESCRIPTION)
    plan: ImportPlan | None = attribute("Always null, because a sync has no plan")


@strawberry.type(description="The result of updateRegistration")
class UpdateRegistrationPayload(MutationPayload):
    """See resolvers.registrations.updates.RegistrationResult."""

    registration: Registration | None = attribute(_REGISTRATION_OR_NULL)


@strawberry.type(description="The result of removeRegistration")
class RemoveRegistrationPayload(MutationPayload):
    """See resolvers.registrations.updates.RemoveRegistrationResult."""

    removed_registration_id: strawberry.ID | None = attribute(
        "The id that the registration had; null if it was not removed"
    )


@strawberry.type(description="The result of linkJob")
class LinkJobPayload(MutationPayload):
    """See resolvers.registrations.job_links.JobLinkResult."""

    registration: Registration | None = attribute("The registration; null if the job was not linked")
    job: Job | None = attribute("The job; null if it was not linked")


@strawberry.type(description="The result of unlinkJob")
class UnlinkJobPayload(MutationPayload):
    """See resolvers.registrations.job_links.JobLinkResult."""

    registration: Registration | None = attribute("The registration; null if no link was removed")
    job: Job | None = attribute("The job; null if no link was removed, or if AWS does not show the job")
