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


LOGS = {
    Kind.RUNTIME: "$252Faws$252Fsagemaker$252FEndpoints$252Fscorer",
    Kind.TRAINING_JOB: "$252Faws$252Fsagemaker$252FTrainingJobs$3FlogStreamNameFilter$3Dscorer$252F",
    Kind.TRANSFORM_JOB: "$252Faws$252Fsagemaker$252FTransformJobs$3FlogStreamNameFilter$3Dscorer$252F",
    Kind.PROCESSING_JOB: "$252Faws$252Fsagemaker$252FProcessingJobs$3FlogStreamNameFilter$3Dscorer$252F",
    # Those of its training jobs, whose names begin with its own.
    Kind.TUNING_JOB: "$252Faws$252Fsagemaker$252FTrainingJobs$3FlogStreamNameFilter$3Dscorer-",
}
in_each_partition = pytest.mark.parametrize(
    ("partition", "region", "host"),
    [
        ("aws", "eu-west-1", "console.aws.amazon.com"),
        ("aws-cn", "cn-north-1", "console.amazonaws.cn"),
        ("aws-us-gov", "us-gov-west-1", "console.amazonaws-us-gov.com"),
    ],
)


@pytest.mark.parametrize("kind", PAGES)
@in_each_partition
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


def logs_of(kind: Kind, arn: str, name: str = "scorer") -> str | None:
    """The logs of a resource of a kind, as its listing's row makes it known."""
    descriptor, api = KINDS[kind], API_NAMES[kind]
    row = {api.name_key: name, api.arn_key: arn, api.status_key or "": "InService"}
    more = {"ModelPackageStatus": "Completed", "EndpointName": name}
    logs: str | None = descriptor.parse_summary(more | row, provenance()).logs_url
    return logs


@pytest.mark.parametrize("kind", Kind)
@in_each_partition
def test_logs_are_those_of_the_resource_alone_in_its_partition(
    kind: Kind, partition: str, region: str, host: str
) -> None:
    page = LOGS.get(kind)
    home = f"https://{host}/cloudwatch/home?region={region}#logsV2:log-groups/log-group/"
    assert logs_of(kind, f"arn:{partition}:sagemaker:{region}:123456789012:any/scorer") == (page and home + page)


def test_partitions_without_a_public_console_show_no_logs() -> None:
    for kind in LOGS:
        assert logs_of(kind, "arn:aws-iso:sagemaker:us-iso-east-1:1:endpoint/a") is None
