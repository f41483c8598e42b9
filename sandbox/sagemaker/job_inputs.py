"""Resolve the S3 inputs of a job, which must exist when the job is created."""

import json
from typing import Any

from sandbox import service_errors
from sandbox.sagemaker.context import OperationContext
from sandbox.sagemaker.objects import Objects, split_uri


def require_input(context: OperationContext, source: dict[str, Any], role_arn: str | None) -> None:
    """Raise ServiceError if no object is under an S3 data source, as SageMaker does when the job is created.

    Args:
        context: The stored objects, and the region for the message.
        source: The DataSource of a channel or a transform input.
        role_arn: The job's role, which the message names.
    """
    result = source.get("S3DataSource")
    if result and not context.objects.has_any(result["S3Uri"]):
        bucket, _ = split_uri(result["S3Uri"])
        raise service_errors.invalid(
            f'No S3 objects found under S3 URL "{result["S3Uri"]}" given in input data source. Please ensure that the '
            f"bucket exists in the selected region ({context.account_region.region}), that objects exist under that S3 "
            f'prefix, and that the role "{role_arn}" has "s3:ListBucket" permissions on bucket "{bucket}".'
        )


def relative_names(objects: Objects, source: dict[str, Any]) -> dict[str, str]:
    """The objects of a data source: the name below the source's folder by URI.

    Args:
        objects: The stored objects.
        source: The S3DataSource.
    """
    uri = source["S3Uri"]
    if source["S3DataType"] == "ManifestFile":
        prefix, *below = json.loads(objects.read(uri) or b"[{}]")
        return {f"{prefix.get('prefix', '')}{name}": name for name in below}
    folder = uri[: uri.rfind("/") + 1]
    return {result: result.removeprefix(folder) for result in objects.under(uri)}
