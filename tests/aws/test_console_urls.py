"""Console URLs by kind and partition."""

import pytest

from aws.console_urls import console_url
from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import Kind

PAGES = {
    Kind.MODEL: "models/scorer",
    Kind.SNAPSHOT: "endpointConfig/scorer",
    Kind.RUNTIME: "endpoints/scorer",
    Kind.TRAINING_JOB: "jobs/scorer",
    Kind.TRANSFORM_JOB: "transform-jobs/scorer",
}


@pytest.mark.parametrize("kind", Kind)
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


@pytest.mark.parametrize(
    "arn", ["arn:aws-iso:sagemaker:us-iso-east-1:1:model/a", "arn:aws-eusc:x", "model/a", "arn:aws", ""]
)
def test_partitions_without_a_public_console_have_no_page(arn: str) -> None:
    assert console_url("models", arn, "us-iso-east-1", "a") is None
