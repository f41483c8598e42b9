"""Model packages: type and filter."""

from datetime import datetime

import strawberry

from aws.kinds import model_packages as aws_model_packages
from aws.kinds.kind import Kind
from aws.kinds.statuses import ModelPackageApproval, ModelPackageDecision, ModelPackageStatus
from aws.write.inputs import PackageDecision
from resolvers import model_packages
from resolvers.lists import filters
from resolvers.mutations.aws_changes import Targeted
from schema.connections import ModelConnection
from schema.enums import register_enum
from schema.fields import attribute, detail, represents, resource_connection, viewed_details
from schema.filters import tuple_or_none
from schema.inputs import build_value, optional, required
from schema.interfaces import Node, Resource
from schema.models import Container
from schema.payloads import MutationPayload

register_enum(
    ModelPackageStatus,
    "ModelPackageStatus",
    "The status of a version in the model registry, in SageMaker's terms",
    {
        "PENDING": "Waiting to be checked",
        "IN_PROGRESS": "Being checked",
        "COMPLETED": "Ready for models to be made from it",
        "FAILED": "The checks failed",
        "DELETING": "Being deleted",
        "UNKNOWN": "A status that SageMaker added later; see `rawStatus`",
    },
)
register_enum(
    ModelPackageApproval,
    "ModelPackageApproval",
    "The decision about a version in SageMaker's model registry",
    {
        "APPROVED": "Approved",
        "REJECTED": "Rejected",
        "PENDING": "Waiting for a decision",
        "UNKNOWN": "A decision that SageMaker added later",
    },
)


register_enum(
    ModelPackageDecision,
    "ModelPackageDecision",
    "A decision about a version in SageMaker's model registry",
    {"APPROVED": "Approved", "REJECTED": "Rejected", "PENDING": "Waiting for a decision again"},
)


@strawberry.input(description="Filter of a list of versions in the model registry; all entries apply")
class ModelPackageFilter:
    """See resolvers.lists.filters.ModelPackageFilter."""

    group_name: str | None = optional("The exact name of the package group")
    approval_status: list[ModelPackageApproval] | None = optional("With any of these decisions")
    created_after: datetime | None = optional("Created after this moment")
    created_before: datetime | None = optional("Created before this moment")

    def value(self) -> filters.ModelPackageFilter:
        """The filter's value."""
        return filters.ModelPackageFilter(
            group_name=self.group_name,
            approval_status=tuple_or_none(self.approval_status),
            created_after=self.created_after,
            created_before=self.created_before,
        )


@represents(aws_model_packages.ModelPackage)
@strawberry.type(description="A version in SageMaker's model registry. Its `name` is the resource part of its ARN")
class ModelPackage(Resource, Node):
    """See aws.kinds.model_packages.ModelPackage."""

    package_group_name: str | None = attribute("The name of the package group; null for a package without versions")
    version: int | None = attribute("The number of the version within its group; null for a package without versions")
    description: str | None = attribute("The description of the version; null for none")
    status: ModelPackageStatus = attribute("The status of the version")
    raw_status: str = attribute("SageMaker's own word for the status")
    last_modified_time: datetime | None = detail("last_modified_time", "The time of the last change")
    last_modified_by: str | None = detail(
        "last_modified_by",
        "The ARN of the role, user or Studio profile that last changed the version; null if SageMaker does not tell",
    )
    approval_status: ModelPackageApproval | None = attribute(
        "The decision about the version; null for a package without versions"
    )
    approval_description: str | None = detail("approval_description", "The comment of the decision; null for none")
    stage: str | None = attribute("The stage of the version's life cycle, as the account names it; null for none")
    stage_status: str | None = attribute("The status of the stage, as the account names it; null for none")
    containers: list[Container] | None = viewed_details(
        "containers", "The containers of a model that is made from the version"
    )
    models: ModelConnection | None = resource_connection(
        model_packages.models_of_packages,
        "The models made from the version, newest first. They are found by a description of "
        "each model of the account and region, once",
        Kind.MODEL,
    )


@strawberry.input(description="The version to decide about, and the decision")
class UpdateModelPackageInput:
    """See aws.write.inputs.PackageDecision."""

    arn: str = required("The ARN of the version; its region must be one of the role's regions")
    group: str | None = optional("The group whose AWS role makes the change; left out: the acting group")
    decision: ModelPackageDecision = required("The decision")
    description: str | None = optional("The comment, which SageMaker keeps with the decision; left out: unchanged")

    def value(self) -> Targeted[PackageDecision]:
        """The input's value."""
        return Targeted(build_value(PackageDecision, self), self.group)


@strawberry.type(description="The result of updateModelPackage")
class UpdateModelPackagePayload(MutationPayload):
    """See resolvers.model_packages.ModelPackageResult."""

    model_package: ModelPackage | None = attribute("The version after the decision; null if it was not made")
