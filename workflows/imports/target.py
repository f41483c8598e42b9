"""The model that an import reads, and whether SageMaker can serve it already."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws.inventory.describe_cache import Described
from aws.inventory.reader import Reader
from aws.inventory.scans import Scan
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.runtimes import Runtime
from aws.links.hosted_models import hosted_models, scanned_snapshots
from aws.links.related_resources import snapshots_by_model
from workflows.durable.errors import StepFailedError
from workflows.group_access import describe_one


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """The model of an import or sync.

    Attributes:
        model: The model, with its detail: as it is, or if it is gone, as it was.
        exists: False if AWS says that it is gone.
        is_replaced: True if another model has its name now.
    """

    model: Model
    exists: bool = True
    is_replaced: bool = False


async def existing_model(reader: Reader, name: str) -> Model:
    """The model of this name, described.

    Raises:
        StepFailedError: There is no such model any more.
        AWSError: It could not be read.
    """
    model = await current_model(reader, name)
    if model is None:
        raise StepFailedError("MODEL_GONE", f"SageMaker has no model `{name}` any more.")
    return model


async def current_model(reader: Reader, name: str) -> Model | None:
    """The model of this name, described; None if there is none. Raises AWSError."""
    return await describe_one(reader, Kind.MODEL, name, Model)


async def is_deployable(reader: Reader, model: Model) -> bool | None:
    """Tell whether an endpoint configuration names the model, or an inference component serves it; None if unknown.

    An endpoint whose configuration is gone may serve it, unless its components name their models.

    Raises:
        AWSError: The endpoint configurations, or the endpoints that may host components, could not be read.
    """
    scan = await reader.scan(Kind.SNAPSHOT)
    if snapshots_by_model(scan).get(model.name):
        return True
    is_hosted = await _is_hosted(reader, model, scanned_snapshots(scan))
    return None if not is_hosted and not _is_whole(scan) else is_hosted


async def _is_hosted(reader: Reader, model: Model, snapshots: Mapping[str, Described]) -> bool | None:
    """True if an inference component serves the model; None if one may serve it that cannot be seen."""
    scan = await reader.scan(Kind.RUNTIME)
    hosted = await hosted_models(
        reader, [resource for resource in scan.resources if isinstance(resource, Runtime)], snapshots
    )
    if any(model.name in names for names in hosted.by_runtime.values()):
        return True
    return None if not hosted.is_complete or not _is_whole(scan) else False


def _is_whole(scan: Scan) -> bool:
    return not scan.refused and scan.complete_as_of is not None
