"""All that SageMaker keeps of a transform job."""

from sandbox.sagemaker.store import TRANSFORM_JOB
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient
from tests.schema.kept_members.members import Member, leaves, selection, shown, structure

FIRST, LAST = 1_767_225_600.0, 1_767_225_690.0
JOB = [
    Member("TransformJobStatus", "Failed", "rawStatus"),
    Member("FailureReason", "ClientError: 400", "failureReason"),
    Member("ModelName", "scorer", "modelName"),
    Member("MaxConcurrentTransforms", 8, "maxConcurrentTransforms"),
    Member("ModelClientConfig.InvocationsTimeoutInSeconds", 60),
    Member("ModelClientConfig.InvocationsMaxRetries", 1),
    Member("MaxPayloadInMB", 6, "maxPayloadInMB"),
    Member("BatchStrategy", "MultiRecord", "batchStrategy"),
    Member("Environment", {"KEY": "secret"}, "environment", [{"key": "KEY", "value": None, "redacted": True}]),
    Member("TransformInput.DataSource.S3DataSource.S3DataType", "S3Prefix"),
    Member("TransformInput.DataSource.S3DataSource.S3Uri", "s3://rows/in/", "inputs.0.s3Uri"),
    Member("TransformInput.ContentType", "text/csv", "inputs.0.contentType"),
    Member("TransformInput.CompressionType", "Gzip", "compressionType"),
    Member("TransformInput.SplitType", "Line", "splitType"),
    Member("TransformOutput.S3OutputPath", "s3://rows/out", "outputS3Uri"),
    Member("TransformOutput.Accept", "application/json", "accept"),
    Member("TransformOutput.AssembleWith", "None", "assembleWith"),
    Member("TransformOutput.KmsKeyId", "alias/out"),
    Member("DataCaptureConfig.DestinationS3Uri", "s3://captured/"),
    Member("DataCaptureConfig.KmsKeyId", "alias/capture"),
    Member("DataCaptureConfig.GenerateInferenceId", True),
    Member("TransformResources.InstanceType", "ml.m5.large", "instanceType"),
    Member("TransformResources.InstanceCount", 2, "instanceCount"),
    Member("TransformResources.VolumeKmsKeyId", "alias/volume"),
    Member("TransformResources.TransformAmiVersion", "al2-ami-sagemaker-batch-gpu-470"),
    Member("TransformStartTime", FIRST, "startTime", "2026-01-01T00:00:00+00:00"),
    Member("TransformEndTime", LAST, "endTime", "2026-01-01T00:01:30+00:00"),
    Member("LabelingJobArn", "arn:aws:sagemaker:a:1:labeling-job/b"),
    Member("AutoMLJobArn", "arn:aws:sagemaker:a:1:automl-job/b"),
    Member("DataProcessing.InputFilter", "$[1:]", "inputFilter"),
    Member("DataProcessing.OutputFilter", "$.score", "outputFilter"),
    Member("DataProcessing.JoinSource", "Input", "joinSource"),
    # These two tell the pipeline execution, if it is one's (tests/schema/pipelines).
    Member("ExperimentConfig.ExperimentName", "experiment"),
    Member("ExperimentConfig.TrialName", "trial"),
    Member("ExperimentConfig.TrialComponentDisplayName", "component"),
    Member("ExperimentConfig.RunName", "run"),
]
SELECTED = selection(JOB).replace("environment", "environment { key value redacted }")


def test_every_member_is_shown_or_left_out_on_purpose() -> None:
    of_every_resource = {"TransformJobName", "TransformJobArn", "CreationTime"}
    assert {member.path for member in JOB} | of_every_resource == leaves("DescribeTransformJobResponse")


async def test_a_transform_job(gateway: GatewayClient, sandbox: Sandbox) -> None:
    sandbox.sagemaker.context(RISK.account, RISK.region).add(TRANSFORM_JOB, "batch", structure(JOB), {})
    answer = await gateway.ask(
        f'{{ job(type: TRANSFORM, name: "batch") {{ status executionSeconds ... on TransformJob {{ {SELECTED} }} }} }}'
    )
    job = answer.data["job"]
    assert {member.path: shown(job, member.field) for member in JOB if member.field} == {
        member.path: member.value for member in JOB if member.field
    }
    assert (job["status"], job["executionSeconds"]) == ("FAILED", 90)
