"""Runtimes: types, filter, inputs and payloads."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from aws.kinds import runtimes as aws_runtimes
from aws.kinds.statuses import RuntimeStatus
from aws.write.inputs import DesiredVariant, NewRuntime
from resolvers import activity, costs, inference_components, monitoring, runtime_facts, runtimes
from resolvers.deployments.pages import deployments_of_runtimes
from resolvers.lists import filters
from resolvers.mutations.aws_changes import Targeted
from resolvers.runtimes import UpdateRuntime, UpdateRuntimeVariants
from schema.connections import InferenceComponentConnection
from schema.deployments.types import DeploymentConnection
from schema.enums import register_enum
from schema.fields import (
    attribute,
    detail,
    option,
    record_connection,
    relation,
    represents,
    resource_connection,
    viewed_details,
)
from schema.filters import ResourceFilterFields, tuple_or_none
from schema.inputs import CreationInput, TargetedInput, build_value, optional, optional_value, required
from schema.interfaces import LazyModels, Node, Resource
from schema.monitoring import (
    Alarm,
    Cost,
    MetricSeries,
    MonitoringSchedule,
    RuntimeActivity,
    VariantScaling,
    look_back,
    metrics_question,
)
from schema.payloads import CREATED_DESCRIPTION, MutationPayload
from schema.rollouts import Rollout, RolloutInput
from schema.value_types import DataCapture, Serverless

register_enum(
    RuntimeStatus,
    "RuntimeStatus",
    "The status of a runtime, in SageMaker's terms",
    {
        "OUT_OF_SERVICE": "Not able to take requests",
        "CREATING": "Being created",
        "UPDATING": "Being moved to another snapshot",
        "SYSTEM_UPDATING": "Under maintenance by AWS, and able to take requests",
        "ROLLING_BACK": "An update failed, and is being undone",
        "IN_SERVICE": "Able to take requests",
        "DELETING": "Being deleted",
        "FAILED": "Creation failed; see `failureReason`",
        "UPDATE_ROLLBACK_FAILED": "An update failed, and undoing it failed, too",
        "UNKNOWN": "A status that SageMaker added later; see `rawStatus`",
    },
)

if TYPE_CHECKING:
    from schema.snapshots.types import Snapshot


@strawberry.input(description="Filter of a list of runtimes; all entries apply")
class RuntimeFilter(ResourceFilterFields):
    """See resolvers.lists.filters.RuntimeFilter."""

    status: list[RuntimeStatus] | None = optional("In any of these statuses")
    snapshot_name: str | None = optional("The exact name of the snapshot that the runtime runs")
    model_name: str | None = optional("The exact name of a model that the runtime serves")
    idle_for_hours: int | None = optional(
        "Runtimes that exist for at least this number of hours, and were not invoked in the last so many; 1 to 10,920"
    )

    def value(self) -> filters.RuntimeFilter:
        """The filter's value."""
        return filters.RuntimeFilter(
            **self.shared_fields(),
            status=tuple_or_none(self.status),
            snapshot_name=self.snapshot_name,
            model_name=self.model_name,
            idle_for_hours=self.idle_for_hours,
        )


@strawberry.type(description="A variant of a runtime, as it runs now")
class RuntimeVariant:
    """See aws.kinds.runtimes.RuntimeVariant."""

    name: str = attribute("The variant's name")
    current_weight: float | None = attribute(
        "The present share of the traffic, relative to the other variants' weights"
    )
    desired_weight: float | None = attribute(
        "The requested share of the traffic, relative to the other variants' weights"
    )
    current_instance_count: int | None = attribute("The present number of instances; null for a serverless variant")
    desired_instance_count: int | None = attribute("The requested number of instances; null for a serverless variant")
    images: list[str] = attribute("The addresses of the deployed images")
    current_serverless: Serverless | None = option(
        "serverless_sizes", "current", "The present size of a serverless variant; null for one on instances"
    )
    desired_serverless: Serverless | None = option(
        "serverless_sizes", "desired", "The requested size of a serverless variant; null for one on instances"
    )
    instance_type: str | None = relation(
        runtime_facts.instance_types,
        "The instance type, from the snapshot; null if the snapshot is gone, or for a serverless variant",
    )
    scaling: VariantScaling | None = relation(
        runtime_facts.scaling,
        "The bounds of Application Auto Scaling; null if it does not scale the variant. Costs "
        "one listing of scalable targets, and one of policies, for any number of variants",
    )


LazyOptionalSnapshot = Annotated["Snapshot", strawberry.lazy("schema.snapshots.types")] | None


@represents(aws_runtimes.Runtime)
@strawberry.type(description="A SageMaker endpoint, which runs a snapshot")
class Runtime(Resource, Node):
    """See aws.kinds.runtimes.Runtime."""

    status: RuntimeStatus = attribute("The status of the runtime")
    raw_status: str = attribute("SageMaker's own word for the status")
    failure_reason: str | None = detail(
        "failure_reason", "The reason of the failure, in SageMaker's words; null for none"
    )
    last_modified_time: datetime | None = attribute("The time of the last change")
    snapshot: LazyOptionalSnapshot = relation(
        runtimes.snapshots_of_runtimes, "The snapshot that the runtime runs; null if it is gone", detail=True
    )
    snapshot_name: str | None = detail("snapshot_name", "The snapshot's name")
    pending_snapshot: LazyOptionalSnapshot = relation(
        runtimes.pending_snapshots, "The snapshot that an update moves it to; null without an update", detail=True
    )
    models: LazyModels = relation(
        runtimes.models_of_runtimes,
        "The models that the runtime serves, also through inference components; null for one that is gone",
        detail=True,
    )
    model_names: list[str] | None = relation(
        runtimes.model_names, "The names of the models in `models`; null if neither snapshot nor components tell them"
    )
    variants: list[RuntimeVariant] | None = viewed_details("variants", "The variants as they run now")
    data_capture: DataCapture | None = detail("data_capture", "The capture of requests and answers")
    deployments: DeploymentConnection | None = record_connection(
        deployments_of_runtimes, "The deployments that launched the runtime, newest first"
    )
    logs_url: str | None = attribute(
        "The address of the runtime's log group in the CloudWatch console; null in a partition without a console"
    )
    metrics: list[MetricSeries] | None = relation(
        monitoring.metrics,
        "CloudWatch's metrics of the runtime, one series for each variant, metric and "
        "statistic. Costs a call of GetMetricData for each 500 series",
        metrics_question,
        detail=True,
    )
    alarms: list[Alarm] | None = relation(
        runtime_facts.alarms,
        "The CloudWatch alarms on metrics of the runtime and its inference components, by name. Costs one listing for "
        "all runtimes of the account and region",
    )
    inference_components: InferenceComponentConnection | None = resource_connection(
        inference_components.components_of_runtimes,
        "The inference components that the runtime hosts, newest first. Costs one listing for all runtimes of the "
        "account and region",
    )
    activity: RuntimeActivity | None = relation(
        activity.activities,
        "The last invocation within the hours to look back. Costs two calls of GetMetricData for each 500 variants",
        look_back,
        detail=True,
    )
    hourly_cost: Cost | None = relation(
        costs.hourly_costs,
        "The hourly cost of the instances that run now, by `prices` of the settings; null if "
        "a variant's type has no price, or is not known",
        detail=True,
    )
    last_rollout: Rollout | None = detail(
        "last_rollout", "The plan of the last update; null if it had none, or if SageMaker has forgotten it"
    )
    monitoring_schedules: list[MonitoringSchedule] | None = relation(
        monitoring.schedules,
        "The monitoring schedules that watch the runtime, newest first. Costs one listing for all runtimes of the "
        "account and region",
    )


_RUNTIME_NAME = "The runtime's name"


@strawberry.input(description="The runtime to create")
class CreateRuntimeInput(CreationInput):
    """See aws.write.inputs.NewRuntime."""

    snapshot_name: str = required("The snapshot that the runtime will run")

    def value(self) -> Targeted[NewRuntime]:
        """The input's value."""
        return self.targeted(build_value(NewRuntime, self, **self.shared_fields()))


@strawberry.input(description="The runtime to update, and its new snapshot")
class UpdateRuntimeInput(TargetedInput):
    """See resolvers.runtimes.UpdateRuntime."""

    name: str = required(_RUNTIME_NAME)
    snapshot_name: str = required("The snapshot that the runtime will run")
    retain_variant_properties: bool | None = optional(
        (
            "True to keep the weights and instance counts of variants that both snapshots name; "
            "false to use those of the new snapshot, so that an autoscaled runtime falls back to "
            "its initial count"
        ),
        True,
    )
    rollout: RolloutInput | None = optional(
        "The steps of the update, and the alarms that roll it back; left out: all at once"
    )

    def value(self) -> Targeted[UpdateRuntime]:
        """The input's value; null is the default."""
        retain, rollout = self.retain_variant_properties is not False, optional_value(self.rollout)
        return self.targeted(UpdateRuntime(self.name, self.snapshot_name, retain, rollout))


@strawberry.input(description="A variant of a runtime, with a new weight, a new instance count, or both")
class DesiredVariantInput:
    """See aws.write.inputs.DesiredVariant."""

    name: str = required("The variant's name")
    weight: float | None = optional(
        "The variant's share of the traffic, relative to the weights of the others; left out: unchanged"
    )
    instance_count: int | None = optional("The variant's number of instances; left out: unchanged")

    def value(self) -> DesiredVariant:
        """The variant's value."""
        return build_value(DesiredVariant, self)


@strawberry.input(description="The runtime, and its variants to change")
class UpdateRuntimeVariantsInput(TargetedInput):
    """See resolvers.runtimes.UpdateRuntimeVariants."""

    name: str = required(_RUNTIME_NAME)
    variants: list[DesiredVariantInput] = required("The variants to change; the others stay as they are")

    def value(self) -> Targeted[UpdateRuntimeVariants]:
        """The input's value."""
        variants = tuple(variant.value() for variant in self.variants)
        return self.targeted(UpdateRuntimeVariants(self.name, variants))


@strawberry.input(description="The runtime to delete")
class DeleteRuntimeInput(TargetedInput):
    """A name."""

    name: str = required(_RUNTIME_NAME)

    def value(self) -> Targeted[str]:
        """The name."""
        return self.targeted(self.name)


@strawberry.type(description="The result of createRuntime")
class CreateRuntimePayload(MutationPayload):
    """See resolvers.runtimes.CreateRuntimeResult."""

    runtime: Runtime | None = attribute("The runtime, read after its creation; null if there is none")
    created: bool = attribute(CREATED_DESCRIPTION)


@strawberry.type(description="The result of updateRuntime")
class UpdateRuntimePayload(MutationPayload):
    """See resolvers.runtimes.RuntimeResult."""

    runtime: Runtime | None = attribute("The runtime during or after the update; null if it was not updated")


@strawberry.type(description="The result of updateRuntimeVariants")
class UpdateRuntimeVariantsPayload(MutationPayload):
    """See resolvers.runtimes.RuntimeResult."""

    runtime: Runtime | None = attribute("The runtime during or after the change; null if it was not changed")


@strawberry.type(description="The result of deleteRuntime")
class DeleteRuntimePayload(MutationPayload):
    """See resolvers.runtimes.RuntimeResult."""

    runtime: Runtime | None = attribute("The runtime while it is being deleted; null if it was not")
