"""Training jobs and transform jobs."""

from typing import Any

import strawberry

from aws import resources
from resolvers import lookups, redaction
from schema.fields import Info, attribute, backed_by, computed, detail, load_detail
from schema.interfaces import Job, Node, Resource
from schema.parts import FinalMetric, KeyValue, LazyModelByName


async def _hyper_parameters(root: Any, info: Info) -> Any:
    known = await load_detail(info.context, root)
    return _redacted_values(info, root, known.hyper_parameter_values if known else None)


async def _environment(root: Any, info: Info) -> Any:
    known = await load_detail(info.context, root)
    return _redacted_values(info, root, known.environment_values if known else None)


def _redacted_values(info: Info, root: Any, pairs: Any) -> Any:
    return None if pairs is None else redaction.key_values(info.context.view_of(root.scope), pairs)


async def _transform_model(root: Any, info: Info) -> Any:
    request = info.context
    known = await load_detail(request, root)
    name = known.model_name if known else None
    return await request.batcher.load(lookups.models_named, request.view_of(root.scope), name)


@backed_by(resources.TrainingJob)
@strawberry.type(description="A job that makes model artifacts")
class TrainingJob(Job, Resource, Node):
    """See aws.resources.TrainingJob."""

    secondary_status: str | None = attribute("SageMaker's finer word for the status")
    training_image: str | None = detail("training_image", "The image that trains")
    role_arn: str | None = detail("role_arn", "The role that it runs under")
    model_artifacts_s3_uri: str | None = detail("model_artifacts_s3_uri", "The artifact that it made, in S3")
    billable_seconds: int | None = detail("billable_seconds", "The seconds that are paid for")
    hyper_parameters: list[KeyValue] | None = computed(
        _hyper_parameters, "The hyper-parameters; values are hidden unless the group may see secrets", detail=True
    )
    final_metrics: list[FinalMetric] | None = detail("final_metrics", "The last values of its metrics")


@backed_by(resources.TransformJob)
@strawberry.type(description="A job that runs a model over a batch of inputs")
class TransformJob(Job, Resource, Node):
    """See aws.resources.TransformJob."""

    model: LazyModelByName = computed(_transform_model, "The model that it uses; null where that is gone", detail=True)
    model_name: str | None = detail("model_name", "The model's name")
    batch_strategy: str | None = detail("batch_strategy", "How records are put together into requests")
    max_concurrent_transforms: int | None = detail(
        "max_concurrent_transforms", "How many requests an instance gets at once"
    )
    environment: list[KeyValue] | None = computed(
        _environment, "The environment; values are hidden unless the group may see secrets", detail=True
    )
