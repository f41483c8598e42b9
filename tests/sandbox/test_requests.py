"""What a request's head says about the AWS call in it."""

import pytest

from sandbox.requests import IncomingRequest

SIGNED = "AWS4-HMAC-SHA256 Credential=AKIAX/20260101/eu-west-1/{}/aws4_request, SignedHeaders=host, Signature=00"


def _request(
    method: str = "POST", path: str = "/", query: str = "", body: bytes = b"", **headers: str
) -> IncomingRequest:
    return IncomingRequest(
        method, path, query, {name.replace("_", "-"): value for name, value in headers.items()}, body
    )


def test_sagemaker_speaks_through_its_target() -> None:
    request = _request(
        body=b'{"ModelName": "m"}',
        x_amz_target="SageMaker.DescribeModel",
        authorization=SIGNED.format("sagemaker"),
    )
    assert (request.service, request.operation, request.resource) == ("sagemaker", "DescribeModel", "m")
    assert (request.protocol, request.region, request.credential) == (
        "json",
        "eu-west-1",
        ("AKIAX", "eu-west-1", "sagemaker"),
    )


def test_sts_speaks_through_its_form() -> None:
    request = _request(
        body=b"Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr",
        content_type="application/x-www-form-urlencoded; charset=utf-8",
        authorization=SIGNED.format("sts"),
    )
    assert (request.service, request.operation, request.resource, request.protocol) == (
        "sts",
        "AssumeRole",
        "arn:aws:iam::1:role/r",
        "query",
    )


def test_a_web_identity_is_not_signed() -> None:
    request = _request(
        body=b"Action=AssumeRoleWithWebIdentity&RoleArn=r", content_type="application/x-www-form-urlencoded"
    )
    assert (request.service, request.operation, request.credential) == ("sts", "AssumeRoleWithWebIdentity", None)


@pytest.mark.parametrize(
    ("method", "path", "query", "operation"),
    [
        ("GET", "/", "", "ListBuckets"),
        ("GET", "/bucket", "list-type=2&prefix=a", "ListObjectsV2"),
        ("GET", "/bucket", "location", "GetBucket"),
        ("PUT", "/bucket", "", "CreateBucket"),
        ("HEAD", "/bucket", "", "HeadBucket"),
        ("POST", "/bucket", "delete", "DeleteObjects"),
        ("POST", "/bucket", "", "PostObject"),
        ("GET", "/bucket/a/b", "", "GetObject"),
        ("PUT", "/bucket/a/b", "", "PutObject"),
        ("HEAD", "/bucket/a/b", "", "HeadObject"),
        ("DELETE", "/bucket/a/b", "", "DeleteObject"),
    ],
)
def test_s3_speaks_through_method_and_path(method: str, path: str, query: str, operation: str) -> None:
    request = _request(method, path, query, authorization=SIGNED.format("s3"))
    assert (request.service, request.protocol, request.operation) == ("s3", "s3", operation)


def test_a_put_with_a_source_is_a_copy() -> None:
    request = _request("PUT", "/bucket/b", authorization=SIGNED.format("s3"), x_amz_copy_source="bucket/a")
    assert (request.operation, request.resource) == ("CopyObject", "bucket/b")


def test_an_unsigned_link_names_its_key_in_the_query() -> None:
    request = _request("GET", "/bucket/key", "X-Amz-Credential=AKIAX%2F20260101%2Feu-west-1%2Fs3%2Faws4_request")
    assert request.credential == ("AKIAX", "eu-west-1", "s3")
    assert request.resource == "bucket/key"


def test_a_body_that_is_not_json_is_none() -> None:
    assert _request(body=b"{", x_amz_target="SageMaker.ListModels").json is None
    assert _request(x_amz_target="SageMaker.ListModels").json == {}
