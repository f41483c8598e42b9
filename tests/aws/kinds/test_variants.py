"""Variants of endpoint configurations: all that they say of their hosting."""

from typing import Any

import pytest

from aws.kinds.variants import ManagedInstanceScaling, VariantHosting, named_models, parse_variant
from tests.aws.sandbox_account import NOON, arn, provenance
from tests.aws.service_model import answer

WRITTEN: dict[str, Any] = {
    "VariantName": "AllTraffic",
    "ModelName": "scorer",
    "InstanceType": "ml.m5.large",
    "RoutingConfig": {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"},
    "ManagedInstanceScaling": {"Status": "ENABLED", "MinInstanceCount": 1, "MaxInstanceCount": 4},
    "VolumeSizeInGB": 30,
    "ModelDataDownloadTimeoutInSeconds": 600,
    "ContainerStartupHealthCheckTimeoutInSeconds": 300,
    "InferenceAmiVersion": "al2-ami-sagemaker-inference-gpu-2",
    "EnableSSMAccess": False,
    "CoreDumpConfig": {"DestinationS3Uri": "s3://dumps/"},
}


def hosting_of(written: dict[str, Any]) -> VariantHosting:
    configuration = answer(
        "DescribeEndpointConfig",
        EndpointConfigName="a",
        EndpointConfigArn=arn("endpoint-config", "a"),
        ProductionVariants=[written],
        CreationTime=NOON,
    )
    return parse_variant(configuration["ProductionVariants"][0], provenance()).variant_hosting


def test_all_that_is_set() -> None:
    assert hosting_of(WRITTEN) == VariantHosting(
        routing_strategy="LEAST_OUTSTANDING_REQUESTS",
        managed_instance_scaling=ManagedInstanceScaling(True, 1, 4),
        volume_size_in_gb=30,
        model_data_download_timeout_seconds=600,
        container_startup_timeout_seconds=300,
        inference_ami_version="al2-ami-sagemaker-inference-gpu-2",
        ssm_access=False,
        core_dump_s3_uri="s3://dumps/",
    )


def test_all_that_is_not_set_is_none() -> None:
    assert hosting_of({"VariantName": "AllTraffic"}) == VariantHosting()


@pytest.mark.parametrize(("status", "most"), [("ENABLED", 4), ("DISABLED", None)])
def test_only_scaling_that_is_on_raises_the_most_instances(status: str, most: int | None) -> None:
    scaling = {"Status": status, "MinInstanceCount": 1, "MaxInstanceCount": 4}
    variant = parse_variant({**WRITTEN, "ManagedInstanceScaling": scaling}, provenance())
    assert variant.most_instances == most
    assert variant.variant_hosting.managed_instance_scaling == ManagedInstanceScaling(most is not None, 1, 4)


def test_models_are_named_by_variants_and_by_their_pools() -> None:
    pools = [{"InstanceType": "ml.g5.xlarge", "Priority": 1, "ModelNameOverride": "scorer-gpu"}]
    variants = [parse_variant(WRITTEN, provenance()), parse_variant({**WRITTEN, "InstancePools": pools}, provenance())]
    assert list(named_models(variants)) == ["scorer", "scorer", "scorer-gpu"]
