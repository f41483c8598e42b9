"""Inference components: type and filter."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from aws.kinds import inference_components as aws_inference_components
from aws.kinds.statuses import InferenceComponentStatus
from resolvers import inference_components
from resolvers.lists import filters
from schema.enums import register_enum
from schema.fields import attribute, detail, relation, represents
from schema.filters import tuple_or_none
from schema.inputs import optional
from schema.interfaces import LazyModels, Node, Resource

if TYPE_CHECKING:
    from schema.runtimes import Runtime

register_enum(
    InferenceComponentStatus,
    "InferenceComponentStatus",
    "The status of an inference component, in SageMaker's terms",
    {
        "CREATING": "Being created",
        "UPDATING": "Being changed, or given another number of copies",
        "IN_SERVICE": "Able to take requests",
        "DELETING": "Being deleted",
        "FAILED": "Creation or change failed; see `failureReason`",
        "UNKNOWN": "A status that SageMaker added later; see `rawStatus`",
    },
)


@strawberry.input(description="Filter of a list of inference components; all entries apply")
class InferenceComponentFilter:
    """See resolvers.lists.filters.InferenceComponentFilter."""

    name_contains: str | None = optional("A part of the name; case is ignored")
    runtime_name: str | None = optional("The exact name of the runtime that hosts the component")
    model_name: str | None = optional(
        "The exact name of a model that the component serves; an adapter serves the model of its base"
    )
    status: list[InferenceComponentStatus] | None = optional("In any of these statuses")

    def value(self) -> filters.InferenceComponentFilter:
        """The filter's value."""
        return filters.InferenceComponentFilter(
            name_contains=self.name_contains,
            runtime_name=self.runtime_name,
            model_name=self.model_name,
            status=tuple_or_none(self.status),
        )


LazyOptionalRuntime = Annotated["Runtime", strawberry.lazy("schema.runtimes")] | None


@represents(aws_inference_components.InferenceComponent)
@strawberry.type(
    description="A model that a runtime hosts on a variant whose configuration names no model; a runtime can host many"
)
class InferenceComponent(Resource, Node):
    """See aws.kinds.inference_components.InferenceComponent."""

    status: InferenceComponentStatus = attribute("The status of the component")
    raw_status: str = attribute("SageMaker's own word for the status")
    failure_reason: str | None = detail(
        "failure_reason", "The reason of the failure, in SageMaker's words; null for none"
    )
    last_modified_time: datetime | None = attribute("The time of the last change")
    runtime: LazyOptionalRuntime = relation(
        inference_components.runtimes, "The runtime that hosts the component; null if it is gone"
    )
    runtime_name: str = attribute("The name of the runtime that hosts the component")
    variant_name: str | None = attribute("The name of the variant on whose instances the component runs")
    models: LazyModels = relation(
        inference_components.models,
        "The models that the component serves, or that the base of an adapter serves; null for one that is gone",
        detail=True,
    )
    model_names: list[str] | None = relation(
        inference_components.model_names,
        (
            "The names of the models that the component serves, including those of an adapter's "
            "base; empty if it defines containers itself"
        ),
        detail=True,
    )
    base_component_name: str | None = detail(
        "base_component_name", "The name of the component that an adapter modifies; null if the component is no adapter"
    )
    current_copies: int | None = detail("current_copies", "The number of copies that are loaded now")
    desired_copies: int | None = detail("desired_copies", "The requested number of copies")
