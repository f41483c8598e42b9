"""What mutations of registrations answer with."""

import strawberry

from resolvers import import_payloads, registrations
from schema.fields import attribute, backed_by
from schema.imports import ImportPlan, ImportRun
from schema.registrations import Registration
from schema.user_errors import MutationPayload

_REGISTRATION_OR_NULL = "The registration; null where it was not done"
IMPORT_RUN_DESCRIPTION = "The run; where it goes on, ask for it again through node"


@backed_by(import_payloads.ImportResult)
@strawberry.type(description="What came of an import")
class ImportModelPayload(MutationPayload):
    """See resolvers.import_payloads.ImportPayload."""

    registration: Registration | None = attribute("The registration, once there is one")
    import_run: ImportRun | None = attribute(IMPORT_RUN_DESCRIPTION)
    plan: ImportPlan | None = attribute("What an import would do; only with dryRun")


@backed_by(import_payloads.ImportResult)
@strawberry.type(description="What came of a sync")
class SyncRegistrationPayload(MutationPayload):
    """See resolvers.import_payloads.ImportPayload."""

    registration: Registration | None = attribute(_REGISTRATION_OR_NULL)
    import_run: ImportRun | None = attribute(IMPORT_RUN_DESCRIPTION)
    plan: ImportPlan | None = attribute("Always null: a sync is no plan")


@backed_by(registrations.RegistrationResult)
@strawberry.type(description="What came of a change")
class UpdateRegistrationPayload(MutationPayload):
    """See resolvers.registrations.RegistrationPayload."""

    registration: Registration | None = attribute(_REGISTRATION_OR_NULL)


@backed_by(registrations.RemoveRegistrationResult)
@strawberry.type(description="What came of a removal")
class RemoveRegistrationPayload(MutationPayload):
    """See resolvers.registrations.RemovalPayload."""

    removed_registration_id: strawberry.ID | None = attribute("The id that it had; null where it was not removed")
