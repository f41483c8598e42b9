"""What mutations of registrations take."""

from typing import Any

import strawberry

from resolvers.import_payloads import ImportModel
from resolvers.registrations import UNCHANGED, UpdateRegistration
from schema.entered_credentials import EnteredCredentialsInput
from schema.input_fields import optional, required
from schema.scalars import JSON

_MODEL = "The model's name"
_REGION = "The region, one of the role's own; left out: its first"
_GROUP = "The group that it is imported for; left out: the acting group"
_SNAPSHOT = "Make a snapshot where the model has none; left out: as the gateway's settings say"
_DEPLOYMENTS = "Start the deploy lifecycle for snapshots that do not run; left out: as the gateway's settings say"


@strawberry.input(description="Which model to import, and what to do besides")
class ImportModelInput:
    """See resolvers.import_payloads.ImportModel."""

    model_name: str = required(_MODEL)
    region: str | None = optional(_REGION)
    group: str | None = optional(_GROUP)
    display_name: str | None = optional("The name that people know it by; left out: the model's own")
    description: str | None = optional("What it is, in people's words")
    credentials: EnteredCredentialsInput | None = optional(
        "Keys for this request alone, where the settings allow it; later syncs use the group's role"
    )
    dry_run: bool | None = optional("True: give the plan and do nothing", False)
    create_default_snapshot: bool | None = optional(_SNAPSHOT)
    start_deployments: bool | None = optional(_DEPLOYMENTS)
    custom_metadata: JSON | None = optional("A JSON object to keep with it, of 64 kB and ten levels at most")

    def value(self) -> ImportModel:
        """The input's value."""
        return ImportModel(
            model_name=self.model_name,
            region=self.region,
            group=self.group,
            display_name=self.display_name,
            description=self.description,
            credentials=self.credentials.value() if self.credentials else None,
            dry_run=bool(self.dry_run),
            create_default_snapshot=self.create_default_snapshot,
            start_deployments=self.start_deployments,
            custom_metadata=self.custom_metadata,
        )


@strawberry.input(description="Which import to plan")
class ImportPlanInput:
    """See resolvers.import_payloads.ImportModel."""

    model_name: str = required(_MODEL)
    region: str | None = optional(_REGION)
    group: str | None = optional(_GROUP)
    create_default_snapshot: bool | None = optional(_SNAPSHOT)
    start_deployments: bool | None = optional(_DEPLOYMENTS)

    def value(self) -> ImportModel:
        """The input's value."""
        return ImportModel(
            model_name=self.model_name,
            region=self.region,
            group=self.group,
            create_default_snapshot=self.create_default_snapshot,
            start_deployments=self.start_deployments,
        )


_REGISTRATION_ID = "The registration's id"


@strawberry.input(description="Which registration to sync")
class SyncRegistrationInput:
    """An id."""

    id: strawberry.ID = required(_REGISTRATION_ID)

    def value(self) -> str:
        """The id."""
        return str(self.id)


@strawberry.input(description="Which registration to remove")
class RemoveRegistrationInput:
    """An id."""

    id: strawberry.ID = required(_REGISTRATION_ID)

    def value(self) -> str:
        """The id."""
        return str(self.id)


@strawberry.input(description="What to change about a registration; what is left out stays, and null clears")
class UpdateRegistrationInput:
    """See resolvers.registrations.UpdateRegistration."""

    id: strawberry.ID = required(_REGISTRATION_ID)
    display_name: str | None = optional("The name that people know it by; null: the model's own", strawberry.UNSET)
    description: str | None = optional("What it is, in people's words", strawberry.UNSET)
    custom_metadata: JSON | None = optional(
        "A JSON Merge Patch (RFC 7396): objects are merged, null deletes a key", strawberry.UNSET
    )

    def value(self) -> UpdateRegistration:
        """The input's value."""
        return UpdateRegistration(
            id=str(self.id),
            display_name=_or_unchanged(self.display_name),
            description=_or_unchanged(self.description),
            custom_metadata=_or_unchanged(self.custom_metadata),
        )


def _or_unchanged(given: Any) -> Any:
    return UNCHANGED if given is strawberry.UNSET else given
