"""The model that an import reads, and whether an endpoint configuration names it."""

from dataclasses import dataclass

from aws.inventory.reader import Reader
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.links.related_resources import snapshots_by_model
from workflows.durable.errors import StepFailedError
from workflows.group_access import describe_one


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """The model of an import or sync.

    Attributes:
        model: The model, with its detail: as it is, or where it is gone, as it was.
        exists: False where AWS says that it is gone.
        is_replaced: Whether another one has its name now.
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
    """The model of this name, described; None where there is none. Raises AWSError."""
    return await describe_one(reader, Kind.MODEL, name, Model)


async def has_snapshot(reader: Reader, model: Model) -> bool | None:
    """Whether any endpoint configuration names the model; None where there may be one that cannot be seen.

    Raises:
        AWSError: The endpoint configurations could not be read.
    """
    scan = await reader.scan(Kind.SNAPSHOT)
    if snapshots_by_model(scan).get(model.name):
        return True
    return None if scan.refused or scan.complete_as_of is None else False
