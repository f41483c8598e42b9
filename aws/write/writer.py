"""The writes of one scope."""

from collections.abc import Sequence

from aws.client.client import AwsClient
from aws.client.errors import NotFoundError
from aws.inventory.inventory import Inventory
from aws.kinds.catalog import API_NAMES, AnyJob
from aws.kinds.kind import Kind
from aws.kinds.model_packages import ModelPackage
from aws.kinds.rollouts import Rollout
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot
from aws.kinds.statuses import JobType
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.transform_jobs import TransformJob
from aws.storage import ObjectStorage
from aws.write import clone_training_job, snapshots, training_jobs, transform_jobs
from aws.write.errors import InputFault, InvalidInputError, MissingTargetError, WriteRejectedError
from aws.write.idempotent_create import CreateResult, Creation, IdempotentCreator, ResourceT
from aws.write.inputs import (
    CreateInput,
    DesiredVariant,
    NewRuntime,
    NewTrainingJob,
    NewTransformJob,
    PackageDecision,
    RuntimeChange,
    WriteAuthor,
)
from aws.write.instance_limits import limit_violation
from aws.write.model_packages import ModelPackageWriter
from aws.write.ownership_tags import check_tags, content_digest, ownership_tags
from aws.write.request import WriteRequest
from aws.write.resource_names import resource_name
from aws.write.runtime_variants import VariantWriter
from aws.write.runtimes import RuntimeWriter
from aws.write.snapshot_inputs import NewSnapshot
from aws.write.snapshots import delete_snapshot
from aws.write.stop_job import stop_job

# SageMaker defines the metrics of its own algorithms, and rejects definitions of them.
_METRICS_REFUSED = "override the metric definitions"
_MAX_KEY_LENGTH = 256


class Writer:
    """Changes resources as one scope's role, and records the changes in the scope's inventory.

    A method raises a `WriteRejectedError` (aws/write/errors.py) if the input is at fault, and then nothing was done;
    and an `AWSError` if AWS refuses the role, throttles or does not answer, and then a repetition with the same name or
    key is safe.

    Args:
        calls: The client of the scope.
        inventory: The caches that record each change.
        storage: S3 for the scope's role.
    """

    def __init__(self, calls: AwsClient, inventory: Inventory, storage: ObjectStorage) -> None:
        self.storage = storage
        self._calls = calls
        self._inventory = inventory
        self._creator = IdempotentCreator(calls, inventory)
        self._runtimes = RuntimeWriter(calls, inventory)
        self._variants = VariantWriter(calls, inventory)
        self._packages = ModelPackageWriter(calls, inventory)

    async def create_transform_job(self, wanted: NewTransformJob, author: WriteAuthor) -> CreateResult[TransformJob]:
        """Create the `wanted` transform job."""
        wanted = transform_jobs.normalized(wanted)
        request = transform_jobs.build_request(wanted)
        name = self._name(request, wanted, Kind.TRANSFORM_JOB, author, wanted.model_name)
        request.add_error(limit_violation([transform_jobs.instances(wanted)], author.limits))
        return await self._creator.create(await self._creation(TransformJob, name, request, wanted, author))

    async def create_training_job(self, wanted: NewTrainingJob, author: WriteAuthor) -> CreateResult[TrainingJob]:
        """Create the `wanted` training job; see `NewTrainingJob` for one that copies another."""
        wanted = training_jobs.normalized(wanted)
        request = await self._training_request(wanted)
        name = self._name(request, wanted, Kind.TRAINING_JOB, author, wanted.like_training_job or "training")
        if wanted.like_training_job is not None:
            clone_training_job.rename(request.parameters, wanted.like_training_job, name)
        request.add_error(limit_violation(training_jobs.instances(request), author.limits))
        creation = await self._creation(TrainingJob, name, request, wanted, author)
        try:
            return await self._creator.create(creation)
        except InvalidInputError as error:
            if _METRICS_REFUSED not in str(error) or not clone_training_job.without_metrics(request.parameters):
                raise
        return await self._creator.create(creation)

    async def create_snapshot(self, wanted: NewSnapshot, author: WriteAuthor) -> CreateResult[Snapshot]:
        """Create the `wanted` endpoint configuration."""
        wanted = snapshots.normalized(wanted)
        request = snapshots.build_request(wanted)
        stem = wanted.variants[0].model_name if wanted.variants else "snapshot"
        name = self._name(request, wanted, Kind.SNAPSHOT, author, stem)
        request.add_error(limit_violation(snapshots.instances(wanted), author.limits))
        await snapshots.check_serverless_models(self._calls, self._inventory, request, wanted)
        return await self._creator.create(await self._creation(Snapshot, name, request, wanted, author))

    async def create_runtime(self, wanted: NewRuntime, author: WriteAuthor) -> CreateResult[Runtime]:
        """Create the `wanted` endpoint, which is then CREATING."""
        request = WriteRequest()
        request.put("EndpointConfigName", wanted.snapshot_name, "snapshotName")
        name = self._name(request, wanted, Kind.RUNTIME, author, wanted.snapshot_name)
        creation = await self._creation(Runtime, name, request, wanted, author)
        await self._runtimes.check_snapshot(wanted.snapshot_name, author.limits)
        return await self._creator.create(creation)

    async def update_runtime(self, name: str, change: RuntimeChange, author: WriteAuthor) -> Runtime:
        """Update the runtime `name`, which is in service, to another snapshot; see `RuntimeWriter.update`."""
        return await self._runtimes.update(name, change, author.limits)

    async def update_runtime_variants(
        self, name: str, variants: Sequence[DesiredVariant], author: WriteAuthor
    ) -> Runtime:
        """Change weights and instance counts of variants of a runtime in service; see `VariantWriter.update`."""
        return await self._variants.update(name, variants, author.limits)

    async def decide_about_package(self, wanted: PackageDecision, seen: ModelPackage | None = None) -> ModelPackage:
        """Set the approval status of a model package version as `wanted`; see `ModelPackageWriter.decide`."""
        return await self._packages.decide(wanted, seen)

    async def check_rollout(self, rollout: Rollout) -> None:
        """Check the form of a rollout; see `RuntimeWriter.check_rollout`."""
        await self._runtimes.check_rollout(rollout)

    async def check_runtime_update(self, name: str, snapshot: Snapshot, change: RuntimeChange, name_field: str) -> None:
        """Refuse an update of the runtime `name` that SageMaker would refuse; see `RuntimeWriter.check_update`."""
        await self._runtimes.check_update(name, snapshot, change, name_field)

    async def delete_runtime(self, name: str) -> Runtime:
        """Delete the runtime `name`; it is returned as DELETING."""
        return await self._runtimes.delete(name)

    async def delete_snapshot(self, name: str) -> Snapshot:
        """Delete the snapshot `name` if no runtime uses it; it is returned in its last state."""
        return await delete_snapshot(self._calls, self._inventory, name)

    async def stop_job(self, job_type: JobType, name: str) -> AnyJob:
        """Stop the job `name`; one that has ended, or is stopping, is returned unchanged."""
        return await stop_job(self._calls, self._inventory, job_type, name)

    def _name(self, request: WriteRequest, wanted: CreateInput, kind: Kind, author: WriteAuthor, stem: str) -> str:
        key = wanted.idempotency_key
        if key is not None and not 0 < len(key) <= _MAX_KEY_LENGTH:
            request.add_fault(f"has {len(key)} characters; give 1 to {_MAX_KEY_LENGTH}", "idempotencyKey")
        return resource_name(wanted, kind, author, stem, self._inventory.config.now())

    async def _creation(
        self, sort: type[ResourceT], name: str, request: WriteRequest, wanted: CreateInput, author: WriteAuthor
    ) -> Creation[ResourceT]:
        """The creation, once its request has no faults. Raises WriteRejectedError."""
        digest = await content_digest(wanted, sort.kind, name)
        named_by = "idempotencyKey" if wanted.name is None and wanted.idempotency_key is not None else "name"
        creation = Creation(sort, name, request, digest, (named_by,))
        request.put(API_NAMES[sort.kind].name_key, name, named_by)
        check_tags(request, wanted.tags)
        request.put_tags(wanted.tags, ownership_tags(author, digest))
        request.check(await self._calls.input_shape(creation.operation))
        return creation

    async def _training_request(self, wanted: NewTrainingJob) -> WriteRequest:
        """The request; if the job to copy is at fault, that is noted with all other faults."""
        if wanted.like_training_job is None:
            return training_jobs.build_request(wanted)
        try:
            return training_jobs.build_request(wanted, await self._cloned_parameters(wanted, wanted.like_training_job))
        except WriteRejectedError as error:
            request = training_jobs.build_request(wanted, {}, whole=False)
            request.add_error(error)
            return request

    async def _cloned_parameters(self, wanted: NewTrainingJob, name: str) -> dict[str, object]:
        """The parameters to copy from another job, which are not cached. Raises WriteRejectedError, AWSError."""
        request = WriteRequest()
        request.put("TrainingJobName", name, "likeTrainingJob")
        request.check(await self._calls.input_shape("DescribeTrainingJob"))
        try:
            description = await self._calls.call("DescribeTrainingJob", **request.parameters)
        except NotFoundError:
            raise MissingTargetError(
                [InputFault(f"There is no training job `{name}`.", ("likeTrainingJob",))]
            ) from None
        return clone_training_job.copy_parameters(
            description, await self._calls.input_shape("CreateTrainingJob"), wanted
        )
