"""sandbox.copy_conditions: CopyObject copies one content to a new place, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.server import Sandbox
from tests.sandbox.conftest import ACCOUNT, REGION, Connect

SOURCE, TARGET = {"Bucket": "assets", "Key": "in/a b+é.csv"}, {"Bucket": "assets", "Key": "taken/one.csv"}


@pytest.fixture
def s3(sandbox: Sandbox, connect: Connect) -> Any:
    sandbox.objects.make_bucket("assets", ACCOUNT, REGION)
    sandbox.objects.write("s3://assets/in/a b+é.csv", b"1,2\n")
    return connect("s3")


def refusal(call: Callable[..., Any], **parameters: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_it_copies_what_has_the_etag(sandbox: Sandbox, s3: Any) -> None:
    etag = s3.head_object(**SOURCE)["ETag"]
    copied = s3.copy_object(CopySource=SOURCE, CopySourceIfMatch=etag, IfNoneMatch="*", **TARGET)
    assert copied["CopyObjectResult"]["ETag"] == etag
    assert sandbox.objects.read("s3://assets/taken/one.csv") == b"1,2\n"
    assert sandbox.objects.etag("s3://assets/taken/one.csv") == etag.strip('"')
    assert sandbox.calls.count("CopyObject") == 1


def test_it_copies_nothing_else(sandbox: Sandbox, s3: Any) -> None:
    assert refusal(s3.copy_object, CopySource=SOURCE, CopySourceIfMatch='"0"', **TARGET) == ("PreconditionFailed", 412)
    assert sandbox.objects.etag("s3://assets/taken/one.csv") is None
    missing = {**SOURCE, "Key": "in/none.csv"}
    assert refusal(s3.copy_object, CopySource=missing, CopySourceIfMatch='"0"', **TARGET) == ("NoSuchKey", 404)


def test_it_overwrites_nothing_on_that_condition(sandbox: Sandbox, s3: Any) -> None:
    sandbox.objects.write("s3://assets/taken/one.csv", b"old")
    assert refusal(s3.copy_object, CopySource=SOURCE, IfNoneMatch="*", **TARGET) == ("PreconditionFailed", 412)
    assert sandbox.objects.read("s3://assets/taken/one.csv") == b"old"
    s3.copy_object(CopySource=SOURCE, **TARGET)
    assert sandbox.objects.read("s3://assets/taken/one.csv") == b"1,2\n"
