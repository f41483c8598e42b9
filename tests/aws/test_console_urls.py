"""Console URLs by kind and partition."""

import pytest

from aws.console_urls import console_url
from aws.kinds.catalog import API_NAMES, KINDS
from aws.kinds.kind import Kind
from tests.aws.sandbox_account import provenance

PAGES = {
    Kind.MODEL: "models/scorer",
    Kind.SNAPSHOT: "endpointConfig/scorer",
    Kind.RUNTIME: "endpoints/scorer",
    Kind.TRAINING_JOB: "jobs/scorer",
    Kind.TRANSFORM_JOB: "transform-jobs/scorer",
    Kind.MODEL_PACKAGE: "model-packages/scorer",
    Kind.PROCESSING_JOB: "processing-jobs/scorer",
    Kind.TUNING_JOB: "hyper-tuning-jobs/scorer",
}


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize(
    ("partition", "region", "host"),
    [
        ("aws", "eu-west-1", "console.aws.amazon.com"),
        ("aws-cn", "cn-north-1", "console.amazonaws.cn"),
        ("aws-us-gov", "us-gov-west-1", "console.amazonaws-us-gov.com"),
    ],
)
def test_console_pages_are_in_the_partition_of_the_arn(kind: Kind, partition: str, region: str, host: str) -> None:
    arn = f"arn:{partition}:sagemaker:{region}:123456789012:any/scorer"
    assert (
        console_url(API_NAMES[kind].console_path, arn, region, "scorer")
        == f"https://{host}/sagemaker/home?region={region}#/{PAGES[kind]}"
    )


def test_a_kind_without_a_page_that_is_known_has_none() -> None:
    assert set(Kind) - set(PAGES) == {Kind.INFERENCE_COMPONENT, Kind.PIPELINE_EXECUTION}
    assert API_NAMES[Kind.INFERENCE_COMPONENT].console_path is None


@pytest.mark.parametrize(
    "arn", ["arn:aws-iso:sagemaker:us-iso-east-1:1:model/a", "arn:aws-eusc:x", "model/a", "arn:aws", ""]
)
def test_partitions_without_a_public_console_have_no_page(arn: str) -> None:
    assert console_url("models", arn, "us-iso-east-1", "a") is None


def logs_of(kind: Kind, arn: str) -> str | None:
    """The logs of a resource of a kind, as its listing's row makes it known."""
    descriptor, api = KINDS[kind], API_NAMES[kind]
    row = {api.name_key: "scorer", api.arn_key: arn, api.status_key or "": "InService"}
    logs: str | None = descriptor.parse_summary(row, provenance()).logs_url
    return logs


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        (Kind.MODEL, None),
        (Kind.SNAPSHOT, None),
        (Kind.RUNTIME, "$252Faws$252Fsagemaker$252FEndpoints$252Fscorer"),
        (Kind.TRAINING_JOB, "$252Faws$252Fsagemaker$252FTrainingJobs$3FlogStreamNameFilter$3Dscorer$252F"),
        (Kind.TRANSFORM_JOB, "$252Faws$252Fsagemaker$252FTransformJobs$3FlogStreamNameFilter$3Dscorer$252F"),
    ],
)
def test_logs_are_those_of_the_resource_alone(kind: Kind, page: str | None) -> None:
    home = "https://console.amazonaws.cn/cloudwatch/home?region=cn-north-1#logsV2:log-groups/log-group/"
    assert logs_of(kind, "arn:aws-cn:sagemaker:cn-north-1:123456789012:any/scorer") == (page and home + page)


def test_partitions_without_a_public_console_show_no_logs() -> None:
    assert logs_of(Kind.RUNTIME, "arn:aws-iso:sagemaker:us-iso-east-1:1:endpoint/a") is None
