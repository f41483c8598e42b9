"""Import mutation and plan: inputs and payload."""

import strawberry

from resolvers.imports.results import ImportModel
from schema.fields import attribute
from schema.imports.entered_credentials import EnteredCredentialsInput
from schema.imports.types import ImportPlan, ImportRun
from schema.inputs import optional, required
from schema.payloads import MutationPayload
from schema.registrations.types import Registration
from schema.scalars import JSON

_MODEL = "The model's name"
_REGION = "The region, one of the regions of the group's role; left out: the role's default "
"region"
_GROUP = "The group that imports the model; left out: the acting group"
_SNAPSHOT = "True to make a snapshot if the model has none; left out: "
"`imports.createDefaultSnapshot` of the settings"
_DEPLOYMENTS = "True to start deployments of the model's snapshots that do not run; left out: "
"`imports.startDeployments` of the settings"


@strawberry.input(description="The model to import, and options of the import")
class ImportModelInput:
    """See resolvers.imports.results.ImportModel."""

    model_name: str = required(_MODEL)
    region: str | None = optional(_REGION)
    group: str | None = optional(_GROUP)
    display_name: str | None = optional("The name shown to people; left out: the model's own name")
    description: str | None = optional("A description for people; left out: none")
    credentials: EnteredCredentialsInput | None = optional(
        "AWS keys for this request alone, if the settings allow them; later syncs use the group's role"
    )
    dry_run: bool | None = optional("True to return the plan only", False)
    create_default_snapshot: bool | None = optional(_SNAPSHOT)
    start_deployments: bool | None = optional(_DEPLOYMENTS)
    custom_metadata: JSON | None = optional(
        "A JSON object to keep with the registration, at most 64 kB and ten levels deep"
    )

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


@strawberry.input(description="The import to plan")
class ImportPlanInput:
    """See resolvers.imports.results.ImportModel."""

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


IMPORT_RUN_DESCRIPTION = "The run; while it is RUNNING, read it again with `node`, or subscribe to "
"importRunChanged"


@strawberry.type(description="The result of importModel")
class ImportModelPayload(MutationPayload):
    """See resolvers.imports.results.ImportResult."""

    registration: Registration | None = attribute("The registration; null before there is one")
    import_run: ImportRun | None = attribute(IMPORT_RUN_DESCRIPTION)
    plan: ImportPlan | None = attribute("The plan of the import; null unless `dryRun` is true")
