"""All that SageMaker keeps of an endpoint configuration: variants, capture, asynchronous inference, explainers."""

import json

import pytest

from sandbox.sagemaker.store import ENDPOINT_CONFIG
from sandbox.sagemaker.validation import service_model
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient
from tests.schema.kept_members.members import Member, leaves, sample, selection, shown, structure

VARIANT = [
    Member("VariantName", "AllTraffic", "name"),
    Member("ModelName", "scorer", "modelName"),
    Member("InitialInstanceCount", 3, "initialInstanceCount"),
    Member("InstanceType", "ml.m5.large", "instanceType"),
    Member("InstancePools[].InstanceType", "ml.g5.xlarge", "instancePools.0.instanceType"),
    Member("InstancePools[].ModelNameOverride", "scorer-gpu", "instancePools.0.modelName"),
    Member("InstancePools[].Priority", 2, "instancePools.0.priority"),
    Member("VariantInstanceProvisionTimeoutInSeconds", 600),
    Member("InitialVariantWeight", 0.25, "initialWeight"),
    Member("AcceleratorType", "ml.eia2.medium"),
    Member("CoreDumpConfig.DestinationS3Uri", "s3://dumps/", "coreDumpS3Uri"),
    Member("CoreDumpConfig.KmsKeyId", "alias/dumps"),
    Member("ServerlessConfig.MemorySizeInMB", 2048, "serverless.memorySizeInMB"),
    Member("ServerlessConfig.MaxConcurrency", 5, "serverless.maxConcurrency"),
    Member("ServerlessConfig.ProvisionedConcurrency", 4, "serverless.provisionedConcurrency"),
    Member("VolumeSizeInGB", 30, "volumeSizeInGB"),
    Member("ModelDataDownloadTimeoutInSeconds", 601, "modelDataDownloadTimeoutSeconds"),
    Member("ContainerStartupHealthCheckTimeoutInSeconds", 602, "containerStartupTimeoutSeconds"),
    Member("EnableSSMAccess", True, "ssmAccess"),
    Member("ManagedInstanceScaling.Status", "ENABLED", "managedInstanceScaling.enabled", True),
    Member("ManagedInstanceScaling.MinInstanceCount", 1, "managedInstanceScaling.minInstanceCount"),
    Member("ManagedInstanceScaling.MaxInstanceCount", 9, "managedInstanceScaling.maxInstanceCount"),
    Member("ManagedInstanceScaling.ScaleInPolicy.Strategy", "IDLE_RELEASE"),
    Member("ManagedInstanceScaling.ScaleInPolicy.MaximumStepSize", 1),
    Member("ManagedInstanceScaling.ScaleInPolicy.CooldownInMinutes", 10),
    Member("RoutingConfig.RoutingStrategy", "PREFIX_AWARE", "routingStrategy"),
    Member("RoutingConfig.PrefixAwareRoutingConfig.PrefixLength", 100),
    Member("RoutingConfig.PrefixAwareRoutingConfig.ConcurrencyThreshold", 10),
    Member("InferenceAmiVersion", "al2-ami-sagemaker-inference-gpu-2", "inferenceAmiVersion"),
    Member("CapacityReservationConfig.CapacityReservationPreference", "capacity-reservations-only"),
    Member("CapacityReservationConfig.MlReservationArn", "arn:aws:sagemaker:a:1:training-plan/b"),
]
CAPTURE = [
    Member("EnableCapture", True, "enabled"),
    Member("InitialSamplingPercentage", 20, "samplingPercentage"),
    Member("DestinationS3Uri", "s3://captured/", "s3Uri"),
    Member("KmsKeyId", "alias/capture", "kmsKeyId"),
    Member("CaptureOptions[].CaptureMode", "InputAndOutput", "captures.0"),
    Member("CaptureContentTypeHeader.CsvContentTypes[]", "text/csv"),
    Member("CaptureContentTypeHeader.JsonContentTypes[]", "application/json"),
]
ASYNCHRONOUS = [
    Member("ClientConfig.MaxConcurrentInvocationsPerInstance", 4, "maxConcurrentInvocationsPerInstance"),
    Member("OutputConfig.KmsKeyId", "alias/out"),
    Member("OutputConfig.S3OutputPath", "s3://out/", "s3OutputPath"),
    Member("OutputConfig.S3FailurePath", "s3://failed/", "s3FailurePath"),
    Member("OutputConfig.NotificationConfig.SuccessTopic", "arn:aws:sns:a:1:done", "successTopicArn"),
    Member("OutputConfig.NotificationConfig.ErrorTopic", "arn:aws:sns:a:1:failed", "errorTopicArn"),
    Member("OutputConfig.NotificationConfig.IncludeInferenceResponseIn[]", "SUCCESS_NOTIFICATION_TOPIC"),
]
OWN = [
    Member("KmsKeyId", "alias/storage", "kmsKeyId"),
    Member("ExecutionRoleArn", RISK.execution_role_arn, "executionRoleArn"),
    Member("EnableNetworkIsolation", True, "network.isolated"),
    Member("VpcConfig.Subnets[]", "subnet-1", "network.subnets.0"),
    Member("VpcConfig.SecurityGroupIds[]", "sg-1", "network.securityGroupIds.0"),
    Member("MetricsConfig.EnableEnhancedMetrics", True),
    Member("MetricsConfig.EnableDetailedObservability", True),
    Member("MetricsConfig.MetricPublishFrequencyInSeconds", 60),
]
PARTS = {
    "ProductionVariants[]": ("variants.0", VARIANT),
    "ShadowProductionVariants[]": ("shadowVariants.0", VARIANT),
    "DataCaptureConfig": ("dataCapture", CAPTURE),
    "AsyncInferenceConfig": ("asyncInference", ASYNCHRONOUS),
}


def below(path: str, field: str, members: list[Member]) -> list[Member]:
    """The members of a part as those of the whole."""
    return [
        Member(f"{path}.{item.path}", item.written, item.field and f"{field}.{item.field}", item.shown)
        for item in members
    ]


WHOLE = [*OWN, *(member for path, (field, members) in PARTS.items() for member in below(path, field, members))]


@pytest.mark.parametrize(
    ("name", "members"),
    [("ProductionVariant", VARIANT), ("DataCaptureConfig", CAPTURE), ("AsyncInferenceConfig", ASYNCHRONOUS)],
)
def test_every_member_of_a_part_is_shown_or_left_out_on_purpose(name: str, members: list[Member]) -> None:
    assert {member.path for member in members} == leaves(name)


def test_every_member_of_the_whole_is_shown_or_left_out_on_purpose() -> None:
    of_every_resource = {"EndpointConfigName", "EndpointConfigArn", "CreationTime"}
    explainer = {path for path in leaves("DescribeEndpointConfigOutput") if path.startswith("ExplainerConfig.")}
    assert {member.path for member in WHOLE} | of_every_resource | explainer == leaves("DescribeEndpointConfigOutput")


async def test_a_snapshot(gateway: GatewayClient, sandbox: Sandbox) -> None:
    explainer = sample(service_model().shape_for("ExplainerConfig"))
    facts = structure(WHOLE) | {"ExplainerConfig": json.loads(json.dumps(explainer))}
    sandbox.sagemaker.context(RISK.account, RISK.region).add(ENDPOINT_CONFIG, "scorer-1", facts, {})
    answer = await gateway.ask(f'{{ snapshot(name: "scorer-1") {{ modelNames explainer {selection(WHOLE)} }} }}')
    snapshot = answer.data["snapshot"]
    assert {member.path: shown(snapshot, member.field) for member in WHOLE if member.field} == {
        member.path: member.value for member in WHOLE if member.field
    }
    assert (snapshot["explainer"], snapshot["modelNames"]) == (explainer, ["scorer", "scorer-gpu"])


async def test_a_snapshot_of_nothing_but_what_is_required(gateway: GatewayClient, sandbox: Sandbox) -> None:
    facts = {"ProductionVariants": [{"VariantName": "AllTraffic"}]}
    sandbox.sagemaker.context(RISK.account, RISK.region).add(ENDPOINT_CONFIG, "bare", facts, {})
    answer = await gateway.ask(f'{{ snapshot(name: "bare") {{ modelNames explainer {selection(WHOLE)} }} }}')
    snapshot = answer.data["snapshot"]
    (variant,) = snapshot.pop("variants")
    assert variant == dict.fromkeys(variant) | {"name": "AllTraffic", "instancePools": []}
    assert snapshot == dict.fromkeys(snapshot) | {
        "modelNames": [],
        "shadowVariants": [],
        "network": {"isolated": False, "subnets": [], "securityGroupIds": []},
    }
