"""The request of a new transform job."""

from dataclasses import replace

from aws.write.inputs import NewTransformJob
from aws.write.instance_limits import RequestedInstances
from aws.write.request import WriteRequest

_MEMBERS = {
    "model_name": "ModelName",
    "input_s3_uri": "TransformInput.DataSource.S3DataSource.S3Uri",
    "content_type": "TransformInput.ContentType",
    "compression_type": "TransformInput.CompressionType",
    "split_type": "TransformInput.SplitType",
    "output_s3_uri": "TransformOutput.S3OutputPath",
    "accept": "TransformOutput.Accept",
    "assemble_with": "TransformOutput.AssembleWith",
    "output_kms_key_id": "TransformOutput.KmsKeyId",
    "instance_type": "TransformResources.InstanceType",
    "volume_kms_key_id": "TransformResources.VolumeKmsKeyId",
    "input_filter": "DataProcessing.InputFilter",
    "output_filter": "DataProcessing.OutputFilter",
    "join_source": "DataProcessing.JoinSource",
    "batch_strategy": "BatchStrategy",
    "max_concurrent_transforms": "MaxConcurrentTransforms",
    "max_payload_in_mb": "MaxPayloadInMB",
}
# "The value of MaxPayloadInMB cannot be greater than 100 MB", nor its product with MaxConcurrentTransforms (model).
_MOST_MB = 100


def normalized(wanted: NewTransformJob) -> NewTransformJob:
    """Drop explicit defaults of `wanted`, so that equal requests have equal digests."""
    return replace(wanted, instance_count=count(wanted), environment=wanted.environment or None)


def build_request(wanted: NewTransformJob) -> WriteRequest:
    """Build the request of `wanted` without its name and tags, and note faults beyond the service model in it."""
    request = WriteRequest()
    request.put_all(wanted, _MEMBERS)
    request.put("TransformInput.DataSource.S3DataSource.S3DataType", "S3Prefix")
    request.put("TransformResources.InstanceCount", count(wanted), "instanceCount")
    request.put_pairs("Environment", wanted.environment, "environment")
    payload, at_once = wanted.max_payload_in_mb or 0, wanted.max_concurrent_transforms or 1
    if payload > _MOST_MB:
        request.add_fault(f"is more than {_MOST_MB} MB", "maxPayloadInMB")
    elif payload * at_once > _MOST_MB:
        request.add_fault(
            f"times `maxConcurrentTransforms` is {payload * at_once} MB, more than the {_MOST_MB} MB allowed",
            "maxPayloadInMB",
        )
    return request


def count(wanted: NewTransformJob) -> int:
    """Give the number of instances that the job runs on."""
    return 1 if wanted.instance_count is None else wanted.instance_count


def instances(wanted: NewTransformJob) -> RequestedInstances:
    """Give the instances that the `wanted` job would start."""
    return RequestedInstances(wanted.instance_type, count(wanted), ("instanceType",), ("instanceCount",))
