"""One scope's way to change things in AWS."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from aws.calls import Calls
from aws.inventory.inventory import Inventory
from aws.resources import AnyJob, AnyResource, Runtime, Snapshot, TrainingJob, TransformJob
from aws.statuses import JobType
from aws.writing.inputs import Author, NewRuntime, NewSnapshot, NewTrainingJob, NewTransformJob

Resource = TypeVar("Resource", bound=AnyResource, covariant=True)


@dataclass(frozen=True, slots=True)
class Made(Generic[Resource]):
    """What there is now, as described after the write, and whether it was made just now or had been there."""

    resource: Resource
    created: bool


class Writer:
    """Changes things as one scope's role, and lets the scope's inventory know.

    A method raises a `NotDoneError` (aws/writing/errors.py) where the content is at fault, and then nothing was done;
    and an `AWSError` where AWS refuses the role, turns calls away or does not answer, and then it is safe to repeat it
    with the same name or key.

    Args:
        calls: The scope's way to AWS.
        inventory: What learns of each change.
    """

    def __init__(self, calls: Calls, inventory: Inventory) -> None:
        self._calls = calls
        self._inventory = inventory

    async def create_transform_job(self, wanted: NewTransformJob, author: Author) -> Made[TransformJob]:
        """A transform job."""
        raise NotImplementedError

    async def create_training_job(self, wanted: NewTrainingJob, author: Author) -> Made[TrainingJob]:
        """A training job."""
        raise NotImplementedError

    async def create_snapshot(self, wanted: NewSnapshot, author: Author) -> Made[Snapshot]:
        """An endpoint configuration."""
        raise NotImplementedError

    async def create_runtime(self, wanted: NewRuntime, author: Author) -> Made[Runtime]:
        """An endpoint, which comes up by itself."""
        raise NotImplementedError

    async def update_runtime(self, name: str, snapshot_name: str, author: Author) -> Runtime:
        """Moves a runtime to another snapshot."""
        raise NotImplementedError

    async def delete_runtime(self, name: str) -> Runtime:
        """Deletes a runtime; it comes back as DELETING."""
        raise NotImplementedError

    async def delete_snapshot(self, name: str) -> str:
        """Deletes a snapshot that no runtime uses, and gives the id that it had."""
        raise NotImplementedError

    async def stop_job(self, kind: JobType, name: str) -> AnyJob:
        """Stops a job; one that has ended, or is stopping, is given as it is."""
        raise NotImplementedError
