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
    "The status of a model package, in SageMaker's terms",
    {
        "PENDING": "Waits to be checked",
        "IN_PROGRESS": "Being checked",
        "COMPLETED": "Ready to make models from",
        "FAILED": "Did not pass the checks",
        "DELETING": "Being deleted",
        "UNKNOWN": "A word that SageMaker added later; see rawStatus",
    },
)
register_enum(
    ModelPackageApproval,
    "ModelPackageApproval",
    "The decision about a model package in SageMaker's model registry",
    {
        "APPROVED": "Approved",
        "REJECTED": "Rejected",
        "PENDING": "Awaits a decision",
        "UNKNOWN": "A word that SageMaker added later",
    },
)


register_enum(
    ModelPackageDecision,
    "ModelPackageDecision",
    "A decision about a model package",
    {"APPROVED": "Approved", "REJECTED": "Rejected", "PENDING": "Undecided again"},
)


@strawberry.input(description="Filter of a list of model packages")
class ModelPackageFilter:
    """See resolvers.lists.filters.ModelPackageFilter."""

    group_name: str | None = optional("The package group that it is a version of")
    approval_status: list[ModelPackageApproval] | None = optional("Any of these decisions")
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
@strawberry.type(description="A version in SageMaker's model registry. Its name is the resource part of its ARN")
class ModelPackage(Resource, Node):
    """See aws.kinds.model_packages.ModelPackage."""

    package_group_name: str | None = attribute("The package group; null for a package without versions")
    version: int | None = attribute("Its number within the group")
    description: str | None = attribute("A summary of it")
    status: ModelPackageStatus = attribute("The package's status")
    raw_status: str = attribute("SageMaker's own word for the status")
    last_modified_time: datetime | None = detail("last_modified_time", "The time at which it was last changed")
    last_modified_by: str | None = detail(
        "last_modified_by", "The ARN of the role, user or Studio profile that changed it last"
    )
    approval_status: ModelPackageApproval | None = attribute("The decision about it; null for one without versions")
    approval_description: str | None = detail("approval_description", "The comment of the decision")
    stage: str | None = attribute("Its stage in the life cycle, as the account names it")
    stage_status: str | None = attribute("The status of that stage, as the account names it")
    containers: list[Container] | None = viewed_details("containers", "The containers that a model of it gets")
    models: ModelConnection | None = resource_connection(
        model_packages.models_of_packages, "The models made from it, newest first", Kind.MODEL
    )


@strawberry.input(description="The version to decide about, and the decision")
class UpdateModelPackageInput:
    """See aws.write.inputs.PackageDecision."""

    arn: str = required("The ARN of the version; its region is one of the role's own")
    group: str | None = optional("The group that it is done for, as that group's role; left out: the acting group")
    decision: ModelPackageDecision = required("The decision")
    description: str | None = optional("The reason, which SageMaker keeps with the decision; left out: as it is")

    def value(self) -> Targeted[PackageDecision]:
        """The input's value."""
        return Targeted(build_value(PackageDecision, self), self.group)


@strawberry.type(description="The result of updateModelPackage")
class UpdateModelPackagePayload(MutationPayload):
    """See resolvers.model_packages.ModelPackageResult."""

    model_package: ModelPackage | None = attribute("The version with the decision; null if that was not made")
