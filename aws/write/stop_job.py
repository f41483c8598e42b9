"""Stopping of jobs."""

from aws.client.client import AwsClient
from aws.client.errors import InvalidRequestError, NotFoundError, UnavailableError
from aws.inventory.inventory import Inventory
from aws.kinds.catalog import API_NAMES, AnyJob
from aws.kinds.statuses import JobStatus, JobType
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.transform_jobs import TransformJob
from aws.write.error_mapping import is_busy, map_write_error
from aws.write.readback import require, unknown_outcome
from aws.write.request import WriteRequest

_JOB_CLASSES: dict[JobType, type[AnyJob]] = {JobType.TRAINING: TrainingJob, JobType.TRANSFORM: TransformJob}
_TRIES = 2


async def stop_job(calls: AwsClient, inventory: Inventory, job_type: JobType, name: str) -> AnyJob:
    """Stop a job, which is returned as STOPPING; one that has ended, or is stopping, is returned unchanged.

    Args:
        calls: The client of the scope.
        inventory: The caches that record the change.
        job_type: TRAINING or TRANSFORM.
        name: The name of the job.

    Raises:
        MissingTargetError: It does not exist.
        AWSError: AWS did not answer, or refuses the role. A repetition is safe.
    """
    sort = _JOB_CLASSES[job_type]
    operation, request = f"Stop{API_NAMES[sort.kind].prefix}", WriteRequest()
    request.put(API_NAMES[sort.kind].name_key, name, "name")
    request.check(await calls.input_shape(operation))
    job = await _require_job(calls, inventory, sort, name)
    lost: UnavailableError | None = None
    for _ in range(_TRIES):
        if job.status is not JobStatus.IN_PROGRESS:
            return job
        try:
            await calls.write(operation, **request.parameters)
        except UnavailableError as error:
            lost = error
        except (InvalidRequestError, NotFoundError) as error:
            # It has ended since the read: "The request was rejected because the training job is in status …"
            if not is_busy(error):
                raise map_write_error(error, request) from None
            return await _require_job(calls, inventory, sort, name)
        else:
            return await _require_job(calls, inventory, sort, name)
        job = await _require_job(calls, inventory, sort, name)
    if job.status is not JobStatus.IN_PROGRESS:
        return job
    raise unknown_outcome(sort.kind, name, operation, lost)


async def _require_job(calls: AwsClient, inventory: Inventory, sort: type[AnyJob], name: str) -> AnyJob:
    job = await require(calls, inventory, sort, name, "name")
    inventory.record_write(job)
    return job
