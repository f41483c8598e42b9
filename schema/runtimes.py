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
        "SYSTEM_UPDATING": "Under maintenance by AWS; it can take requests",
        "ROLLING_BACK": "An update failed and is being undone",
        "IN_SERVICE": "Able to take requests",
        "DELETING": "Being deleted",
        "FAILED": "Could not be created; see failureReason",
        "UPDATE_ROLLBACK_FAILED": "An update failed, and so did undoing it",
        "UNKNOWN": "A word that SageMaker added later; see rawStatus",
    },
)

if TYPE_CHECKING:
    from schema.snapshots.types import Snapshot


@strawberry.input(description="Filter of a list of runtimes")
class RuntimeFilter(ResourceFilterFields):
    """See resolvers.lists.filters.RuntimeFilter."""

    status: list[RuntimeStatus] | None = optional("Any of these statuses")
    snapshot_name: str | None = optional("The snapshot that it runs")
    model_name: str | None = optional("A model that its snapshot names")
    idle_for_hours: int | None = optional(
        "Runtimes that are at least so many hours old and were not invoked in those hours; 1 to 10,920"
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


@strawberry.type(description="A variant as a runtime runs it")
class RuntimeVariant:
    """See aws.kinds.runtimes.RuntimeVariant."""

    name: str = attribute("The variant's name")
    current_weight: float | None = attribute("Its present share of the traffic")
    desired_weight: float | None = attribute("The requested share of the traffic")
    current_instance_count: int | None = attribute("The present number of instances")
    desired_instance_count: int | None = attribute("The requested number of instances")
    images: list[str] = attribute("The images that are deployed")
    current_serverless: Serverless | None = option("serverless_sizes", "current", "Its present size, if serverless")
    desired_serverless: Serverless | None = option("serverless_sizes", "desired", "The requested size, if serverless")
    instance_type: str | None = relation(
        runtime_facts.instance_types, "The type of its instances, as the snapshot says; null if that is gone"
    )
    scaling: VariantScaling | None = relation(
        runtime_facts.scaling, "Its target of Application Auto Scaling; null if none is registered"
    )


LazyOptionalSnapshot = Annotated["Snapshot", strawberry.lazy("schema.snapshots.types")] | None


@represents(aws_runtimes.Runtime)
@strawberry.type(description="An endpoint: a snapshot, deployed")
class Runtime(Resource, Node):
    """See aws.kinds.runtimes.Runtime."""

    status: RuntimeStatus = attribute("The runtime's status")
    raw_status: str = attribute("SageMaker's own word for the status")
    failure_reason: str | None = detail("failure_reason", "The reason why it failed, in SageMaker's words")
    last_modified_time: datetime | None = attribute("The time at which it was last changed")
    snapshot: LazyOptionalSnapshot = relation(
        runtimes.snapshots_of_runtimes, "The snapshot that it runs; null if that is gone", detail=True
    )
    snapshot_name: str | None = detail("snapshot_name", "The snapshot's name")
    pending_snapshot: LazyOptionalSnapshot = relation(
        runtimes.pending_snapshots, "The snapshot that an update is moving it to", detail=True
    )
    models: LazyModels = relation(
        runtimes.models_of_runtimes, "The models that it serves; null in the place of one that is gone", detail=True
    )
    model_names: list[str] | None = relation(runtimes.model_names, "The names of the models in its snapshot")
    variants: list[RuntimeVariant] | None = viewed_details("variants", "Its variants, as they run")
    data_capture: DataCapture | None = detail("data_capture", "The capture of requests and answers")
    deployments: DeploymentConnection | None = record_connection(
        deployments_of_runtimes, "The deployments that launched it, newest first"
    )
    logs_url: str | None = attribute(
        "Its log group in the CloudWatch console of its own partition; null if that partition has none"
    )
    metrics: list[MetricSeries] | None = relation(
        monitoring.metrics,
        "CloudWatch's metrics, one series for each variant, metric and statistic",
        metrics_question,
        detail=True,
    )
    alarms: list[Alarm] | None = relation(
        runtime_facts.alarms,
        "The CloudWatch alarms on its metrics and on those of the inference components that it hosts, by name",
    )
    inference_components: InferenceComponentConnection | None = resource_connection(
        inference_components.components_of_runtimes, "The inference components that it hosts, newest first"
    )
    activity: RuntimeActivity | None = relation(
        activity.activities, "Its last invocation within the hours to look back", look_back, detail=True
    )
    hourly_cost: Cost | None = relation(
        costs.hourly_costs,
        "The cost of an hour of the instances that run now, by the settings' price table; null where a variant has no "
        "price",
        detail=True,
    )
    last_rollout: Rollout | None = detail(
        "last_rollout", "The plan of its last update; null if that had none, or if SageMaker has forgotten it"
    )
    monitoring_schedules: list[MonitoringSchedule] | None = relation(
        monitoring.schedules, "The monitoring schedules that watch it, newest first"
    )


_RUNTIME_NAME = "The runtime's name"


@strawberry.input(description="The runtime to create")
class CreateRuntimeInput(CreationInput):
    """See aws.write.inputs.NewRuntime."""

    snapshot_name: str = required("The snapshot that it will run")

    def value(self) -> Targeted[NewRuntime]:
        """The input's value."""
        return self.targeted(build_value(NewRuntime, self, **self.shared_fields()))


@strawberry.input(description="The runtime to update, and its new snapshot")
class UpdateRuntimeInput(TargetedInput):
    """See resolvers.runtimes.UpdateRuntime."""

    name: str = required(_RUNTIME_NAME)
    snapshot_name: str = required("The snapshot that it will run")
    retain_variant_properties: bool | None = optional(
        (
            "Keep the weights and instance counts of variants that both snapshots name; false: use those of "
            "the new snapshot, so that an autoscaled runtime falls back to its initial count"
        ),
        True,
    )
    rollout: RolloutInput | None = optional(
        "The steps in which it moves, and the alarms that roll it back; left out: all at once"
    )

    def value(self) -> Targeted[UpdateRuntime]:
        """The input's value; null is the default."""
        retain, rollout = self.retain_variant_properties is not False, optional_value(self.rollout)
        return self.targeted(UpdateRuntime(self.name, self.snapshot_name, retain, rollout))


@strawberry.input(description="A variant of a runtime, and its new weight, instance count or both")
class DesiredVariantInput:
    """See aws.write.inputs.DesiredVariant."""

    name: str = required("The variant's name")
    weight: float | None = optional("Its share of the traffic, beside those of the others; left out: as it is")
    instance_count: int | None = optional("Its number of instances; left out: as it is")

    def value(self) -> DesiredVariant:
        """The variant's value."""
        return build_value(DesiredVariant, self)


@strawberry.input(description="The runtime whose variants to change")
class UpdateRuntimeVariantsInput(TargetedInput):
    """See resolvers.runtimes.UpdateRuntimeVariants."""

    name: str = required(_RUNTIME_NAME)
    variants: list[DesiredVariantInput] = required("The variants to change; those that are not named stay as they are")

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


@strawberry.type(description="The result of creating a runtime")
class CreateRuntimePayload(MutationPayload):
    """See resolvers.runtimes.CreateRuntimeResult."""

    runtime: Runtime | None = attribute("The runtime, as it was read after it was made; null if it was not")
    created: bool = attribute(CREATED_DESCRIPTION)


@strawberry.type(description="The result of moving a runtime to another snapshot")
class UpdateRuntimePayload(MutationPayload):
    """See resolvers.runtimes.RuntimeResult."""

    runtime: Runtime | None = attribute("The runtime while it moves, or as it already is; null if it was not moved")


@strawberry.type(description="The result of changing a runtime's variants")
class UpdateRuntimeVariantsPayload(MutationPayload):
    """See resolvers.runtimes.RuntimeResult."""

    runtime: Runtime | None = attribute("The runtime while it changes, or as it already is; null if it was not changed")


@strawberry.type(description="The result of deleting a runtime")
class DeleteRuntimePayload(MutationPayload):
    """See resolvers.runtimes.RuntimeResult."""

    runtime: Runtime | None = attribute("The runtime while it is being deleted; null if it was not deleted")
