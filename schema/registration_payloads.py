"""What mutations of registrations answer with."""

import strawberry

from resolvers import import_payloads, registrations
from schema.fields import shown, shows
from schema.imports import ImportPlan, ImportRun
from schema.registrations import Registration
from schema.user_errors import Answer

_REGISTRATION = "The registration; null where it was not done"
_RUN = "The run; where it goes on, ask for it again through node"


@shows(import_payloads.ImportPayload)
@strawberry.type(description="What came of an import")
class ImportModelPayload(Answer):
    """See resolvers.import_payloads.ImportPayload."""

    registration: Registration | None = shown("The registration, once there is one")
    import_run: ImportRun | None = shown(_RUN)
    plan: ImportPlan | None = shown("What an import would do; only with dryRun")


@shows(import_payloads.ImportPayload)
@strawberry.type(description="What came of a sync")
class SyncRegistrationPayload(Answer):
    """See resolvers.import_payloads.ImportPayload."""

    registration: Registration | None = shown(_REGISTRATION)
    import_run: ImportRun | None = shown(_RUN)
    plan: ImportPlan | None = shown("Always null: a sync is no plan")


@shows(registrations.RegistrationPayload)
@strawberry.type(description="What came of a change")
class UpdateRegistrationPayload(Answer):
    """See resolvers.registrations.RegistrationPayload."""

    registration: Registration | None = shown(_REGISTRATION)


@shows(registrations.RemovalPayload)
@strawberry.type(description="What came of a removal")
class RemoveRegistrationPayload(Answer):
    """See resolvers.registrations.RemovalPayload."""

    removed_registration_id: strawberry.ID | None = shown("The id that it had; null where it was not removed")
