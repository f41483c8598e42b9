"""The mutation root: one line for each change, with the permission that guards it."""

import strawberry

from auth.permissions import Permission
from resolvers import imports, registrations
from resolvers.import_payloads import ImportPayload
from schema.changes import change
from schema.registration_inputs import (
    ImportModelInput,
    RemoveRegistrationInput,
    SyncRegistrationInput,
    UpdateRegistrationInput,
)
from schema.registration_payloads import (
    ImportModelPayload,
    RemoveRegistrationPayload,
    SyncRegistrationPayload,
    UpdateRegistrationPayload,
)


@strawberry.type(description="What can be changed; each change is guarded by a permission, and audited")
class Mutation:
    """The root of every mutation."""

    import_model: ImportModelPayload | None = change(
        "importModel",
        imports.import_model,
        ImportModelInput,
        ImportPayload,
        Permission.IMPORT,
        "Brings a SageMaker model, with all that belongs to it, into the registry; again: a sync",
    )
    sync_registration: SyncRegistrationPayload | None = change(
        "syncRegistration",
        imports.sync_registration,
        SyncRegistrationInput,
        ImportPayload,
        Permission.IMPORT,
        "Looks at AWS again for an imported model: adds what is new, marks what has vanished",
    )
    update_registration: UpdateRegistrationPayload | None = change(
        "updateRegistration",
        registrations.update,
        UpdateRegistrationInput,
        registrations.RegistrationPayload,
        Permission.IMPORT,
        "Changes what people say of an imported model",
    )
    remove_registration: RemoveRegistrationPayload | None = change(
        "removeRegistration",
        registrations.remove,
        RemoveRegistrationInput,
        registrations.RemovalPayload,
        Permission.IMPORT,
        "Forgets an imported model; AWS stays as it is, and deployments keep their history",
    )
