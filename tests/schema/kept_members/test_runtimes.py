"""All that SageMaker keeps of the variants and the data capture of an endpoint."""

import pytest

from sandbox.sagemaker.store import ENDPOINT
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient
from tests.schema.kept_members.members import Member, leaves, selection, shown, structure

SECOND = 1_767_225_600.0
VARIANT = [
    Member("VariantName", "AllTraffic", "name"),
    Member("DeployedImages[].SpecifiedImage", "repository/scorer:1", "images.0"),
    Member("DeployedImages[].ResolvedImage", "repository/scorer@sha256:1"),
    Member("DeployedImages[].ResolutionTime", SECOND),
    Member("CurrentWeight", 0.25, "currentWeight"),
    Member("DesiredWeight", 0.75, "desiredWeight"),
    Member("CurrentInstanceCount", 2, "currentInstanceCount"),
    Member("DesiredInstanceCount", 3, "desiredInstanceCount"),
    Member("InstancePools[].InstanceType", "ml.g5.xlarge"),
    Member("InstancePools[].CurrentInstanceCount", 1),
    Member("VariantStatus[].Status", "Creating"),
    Member("VariantStatus[].StatusMessage", "Starting"),
    Member("VariantStatus[].StartTime", SECOND),
    Member("CurrentServerlessConfig.MemorySizeInMB", 1024, "currentServerless.memorySizeInMB"),
    Member("CurrentServerlessConfig.MaxConcurrency", 5, "currentServerless.maxConcurrency"),
    Member("CurrentServerlessConfig.ProvisionedConcurrency", 4, "currentServerless.provisionedConcurrency"),
    Member("DesiredServerlessConfig.MemorySizeInMB", 2048, "desiredServerless.memorySizeInMB"),
    Member("DesiredServerlessConfig.MaxConcurrency", 7, "desiredServerless.maxConcurrency"),
    Member("DesiredServerlessConfig.ProvisionedConcurrency", 6, "desiredServerless.provisionedConcurrency"),
    Member("ManagedInstanceScaling.Status", "ENABLED"),
    Member("ManagedInstanceScaling.MinInstanceCount", 1),
    Member("ManagedInstanceScaling.MaxInstanceCount", 9),
    Member("ManagedInstanceScaling.ScaleInPolicy.Strategy", "IDLE_RELEASE"),
    Member("ManagedInstanceScaling.ScaleInPolicy.MaximumStepSize", 1),
    Member("ManagedInstanceScaling.ScaleInPolicy.CooldownInMinutes", 10),
    Member("RoutingConfig.RoutingStrategy", "RANDOM"),
    Member("RoutingConfig.PrefixAwareRoutingConfig.PrefixLength", 100),
    Member("RoutingConfig.PrefixAwareRoutingConfig.ConcurrencyThreshold", 10),
    Member("CapacityReservationConfig.MlReservationArn", "arn:aws:sagemaker:a:1:training-plan/b"),
    Member("CapacityReservationConfig.CapacityReservationPreference", "capacity-reservations-only"),
    Member("CapacityReservationConfig.TotalInstanceCount", 4),
    Member("CapacityReservationConfig.AvailableInstanceCount", 3),
    Member("CapacityReservationConfig.UsedByCurrentEndpoint", 1),
    Member("CapacityReservationConfig.Ec2CapacityReservations[].Ec2CapacityReservationId", "cr-1"),
    Member("CapacityReservationConfig.Ec2CapacityReservations[].TotalInstanceCount", 4),
    Member("CapacityReservationConfig.Ec2CapacityReservations[].AvailableInstanceCount", 3),
    Member("CapacityReservationConfig.Ec2CapacityReservations[].UsedByCurrentEndpoint", 1),
]
CAPTURE = [
    Member("EnableCapture", True, "enabled"),
    Member("CaptureStatus", "Started"),
    Member("CurrentSamplingPercentage", 20, "samplingPercentage"),
    Member("DestinationS3Uri", "s3://captured/", "s3Uri"),
    Member("KmsKeyId", "alias/capture", "kmsKeyId"),
]


@pytest.mark.parametrize(
    ("name", "members"), [("ProductionVariantSummary", VARIANT), ("DataCaptureConfigSummary", CAPTURE)]
)
def test_every_member_is_shown_or_left_out_on_purpose(name: str, members: list[Member]) -> None:
    assert {member.path for member in members} == leaves(name)


async def test_a_runtime(gateway: GatewayClient, sandbox: Sandbox) -> None:
    facts = {
        "EndpointConfigName": "scorer-1",
        "EndpointStatus": "InService",
        "LastModifiedTime": SECOND,
        "ProductionVariants": [structure(VARIANT)],
        "DataCaptureConfig": structure(CAPTURE),
    }
    sandbox.sagemaker.context(RISK.account, RISK.region).add(ENDPOINT, "live", facts, {})
    answer = await gateway.ask(
        f'{{ runtime(name: "live") {{ variants {{ {selection(VARIANT)} }} dataCapture {{ {selection(CAPTURE)} }} }} }}'
    )
    runtime = answer.data["runtime"]
    for members, node in ((VARIANT, runtime["variants"][0]), (CAPTURE, runtime["dataCapture"])):
        assert {member.path: shown(node, member.field) for member in members if member.field} == {
            member.path: member.value for member in members if member.field
        }
