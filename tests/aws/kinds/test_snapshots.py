"""Snapshots, from whole answers and from the barest ones."""

from typing import Any

import pytest

from aws.kinds.resource import CaptureOptions, DataCapture, Network
from aws.kinds.snapshots import (
    AsyncInference,
    NotificationTopics,
    Snapshot,
    SnapshotDetail,
    parse_description,
    parse_summary,
)
from aws.kinds.variants import InstancePool, Serverless, Variant, VariantHosting
from tests.aws.sandbox_account import ACCOUNT, EXECUTION_ROLE, NOON, REGION, arn, provenance
from tests.aws.service_model import answer, row

ROW: dict[str, Any] = {
    "EndpointConfigName": "Scorer-1",
    "EndpointConfigArn": arn("endpoint-config", "Scorer-1"),
    "CreationTime": NOON,
}
CAPTURED = [{"CaptureMode": "Input"}]
BARE: dict[str, Any] = {**ROW, "ProductionVariants": [{"VariantName": "AllTraffic"}]}


def snapshot(detail: SnapshotDetail | None) -> Snapshot:
    return Snapshot(
        scope="scope-1",
        name="Scorer-1",
        arn=arn("endpoint-config", "scorer-1"),
        account_id=ACCOUNT,
        region=REGION,
        creation_time=NOON,
        as_of=NOON,
        detail=detail,
    )


def variant(**fields: Any) -> Variant:
    nothing = dict.fromkeys(
        ("model_name", "instance_type", "initial_instance_count", "initial_weight", "serverless"), None
    )
    return Variant(**{"scope": "scope-1", "name": "AllTraffic", **nothing, "instance_pools": (), **fields})


def detail_of(**members: Any) -> SnapshotDetail:
    detail = parse_description(answer("DescribeEndpointConfig", **{**BARE, **members}), provenance()).detail
    assert detail is not None
    return detail


def test_a_row() -> None:
    assert parse_summary(row("ListEndpointConfigs", "EndpointConfigs", **ROW), provenance()) == snapshot(None)


def test_a_whole_answer() -> None:
    read = parse_description(
        answer(
            "DescribeEndpointConfig",
            **ROW,
            ProductionVariants=[
                {
                    "VariantName": "champion",
                    "ModelName": "scorer-6",
                    "InstanceType": "ml.m5.xlarge",
                    "InitialInstanceCount": 2,
                    "InitialVariantWeight": 0.9,
                    "VolumeSizeInGB": 20,
                },
                {
                    "VariantName": "small",
                    "ModelName": "scorer-7",
                    "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5, "ProvisionedConcurrency": 1},
                },
            ],
            ShadowProductionVariants=[
                {"VariantName": "shadow", "ModelName": "scorer-8", "InstanceType": "ml.m5.large"}
            ],
            KmsKeyId="alias/endpoints",
            ExecutionRoleArn=EXECUTION_ROLE,
            VpcConfig={"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
            EnableNetworkIsolation=True,
            DataCaptureConfig={
                "EnableCapture": True,
                "InitialSamplingPercentage": 20,
                "DestinationS3Uri": "s3://captured/",
                "CaptureOptions": [{"CaptureMode": "Input"}],
            },
            AsyncInferenceConfig={
                "OutputConfig": {"S3OutputPath": "s3://out/", "S3FailurePath": "s3://failed/"},
                "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 4},
            },
        ),
        provenance(),
    )
    assert read == snapshot(
        SnapshotDetail(
            variants=(
                variant(
                    name="champion",
                    model_name="scorer-6",
                    instance_type="ml.m5.xlarge",
                    initial_instance_count=2,
                    initial_weight=0.9,
                    variant_hosting=VariantHosting(volume_size_in_gb=20),
                ),
                variant(name="small", model_name="scorer-7", serverless=Serverless(2048, 5, 1)),
            ),
            shadow_variants=(variant(name="shadow", model_name="scorer-8", instance_type="ml.m5.large"),),
            model_names=("scorer-6", "scorer-7", "scorer-8"),
            kms_key_id="alias/endpoints",
            execution_role_arn=EXECUTION_ROLE,
            network=Network(isolated=True, subnets=("subnet-1",), security_group_ids=("sg-1",)),
            data_capture=DataCapture(True, 20, "s3://captured/", CaptureOptions(("Input",))),
            async_inference=AsyncInference("s3://out/", "s3://failed/", 4),
        )
    )


def test_the_barest_answer_hosts_inference_components() -> None:
    assert parse_description(answer("DescribeEndpointConfig", **BARE), provenance()) == snapshot(
        SnapshotDetail(
            variants=(variant(),),
            shadow_variants=(),
            model_names=(),
            kms_key_id=None,
            execution_role_arn=None,
            network=Network(isolated=False, subnets=(), security_group_ids=()),
            data_capture=None,
            async_inference=None,
        )
    )


def test_a_pool_may_name_a_model_of_its_own() -> None:
    pools = [
        {"InstanceType": "ml.inf2.xlarge", "Priority": 1, "ModelNameOverride": "scorer-neuron"},
        {"InstanceType": "ml.g5.xlarge", "Priority": 2},
    ]
    detail = detail_of(
        ProductionVariants=[{"VariantName": "AllTraffic", "ModelName": "scorer", "InstancePools": pools}]
    )
    assert detail.variants[0].instance_pools == (
        InstancePool("scope-1", "ml.inf2.xlarge", 1, "scorer-neuron"),
        InstancePool("scope-1", "ml.g5.xlarge", 2, None),
    )
    assert detail.model_names == ("scorer", "scorer-neuron")


def test_each_model_is_named_once_in_order_of_appearance() -> None:
    def named(name: str, model: str | None, *overrides: str) -> dict[str, Any]:
        pools = [{"InstanceType": "ml.m5.large", "Priority": 1, "ModelNameOverride": other} for other in overrides]
        named = {"VariantName": name, "ModelName": model, "InstancePools": pools}
        return {key: value for key, value in named.items() if value}

    detail = detail_of(
        ProductionVariants=[named("a", "m2"), named("b", "m1", "m3", "m2"), named("c", None, "m4")],
        ShadowProductionVariants=[named("d", "m1"), named("e", "m5")],
    )
    assert detail.model_names == ("m2", "m1", "m3", "m4", "m5")


@pytest.mark.parametrize(("written", "enabled"), [({"EnableCapture": False}, False), ({"EnableCapture": True}, True)])
def test_capture_is_on_or_off(written: dict[str, bool], enabled: bool) -> None:
    config = {"InitialSamplingPercentage": 5, "DestinationS3Uri": "s3://captured/", "CaptureOptions": CAPTURED}
    capture = DataCapture(enabled, 5, "s3://captured/", CaptureOptions(("Input",)))
    assert detail_of(DataCaptureConfig={**config, **written}).data_capture == capture


def test_capture_is_on_where_it_is_not_said() -> None:
    config = {"InitialSamplingPercentage": 0, "DestinationS3Uri": "s3://captured/", "CaptureOptions": CAPTURED}
    capture = DataCapture(True, 0, "s3://captured/", CaptureOptions(("Input",)))
    assert detail_of(DataCaptureConfig=config).data_capture == capture


def test_what_is_captured_and_its_key() -> None:
    config = {
        "InitialSamplingPercentage": 5,
        "DestinationS3Uri": "s3://captured/",
        "KmsKeyId": "alias/capture",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
    }
    options = CaptureOptions(("Input", "Output"), "alias/capture")
    assert detail_of(DataCaptureConfig=config).data_capture == DataCapture(True, 5, "s3://captured/", options)


def test_asynchronous_without_client_settings() -> None:
    assert detail_of(AsyncInferenceConfig={"OutputConfig": {}}).async_inference == AsyncInference(None, None, None)


def test_asynchronous_with_topics() -> None:
    output = {"NotificationConfig": {"SuccessTopic": arn("sns", "done"), "ErrorTopic": arn("sns", "failed")}}
    topics = NotificationTopics(arn("sns", "done"), arn("sns", "failed"))
    assert detail_of(AsyncInferenceConfig={"OutputConfig": output}).async_inference == AsyncInference(
        None, None, None, topics
    )


def test_an_explainer_is_kept_as_text_in_one_order() -> None:
    explainer = {"ClarifyExplainerConfig": {"ShapConfig": {"Seed": 1}, "EnableExplanations": "`true`"}}
    detail = parse_description({**BARE, "ExplainerConfig": explainer}, provenance()).detail
    assert detail is not None
    assert detail.explainer_json == (
        '{"ClarifyExplainerConfig": {"EnableExplanations": "`true`", "ShapConfig": {"Seed": 1}}}'
    )


def test_serverless_without_provisioned_concurrency() -> None:
    serverless = {"MemorySizeInMB": 4096, "MaxConcurrency": 20}
    detail = detail_of(ProductionVariants=[{"VariantName": "AllTraffic", "ServerlessConfig": serverless}])
    assert detail.variants == (variant(serverless=Serverless(4096, 20, None)),)
