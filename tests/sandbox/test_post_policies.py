"""sandbox.post_policies: a presigned form is good for what its policy says, and for nothing else."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sandbox.server import Sandbox

Connect = Callable[..., Any]


@pytest.fixture
def form(sandbox: Sandbox, connect: Connect) -> dict[str, Any]:
    """For a CSV file of two to eight bytes."""
    s3 = connect("s3")
    s3.create_bucket(Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    conditions = [{"Content-Type": "text/csv"}, ["content-length-range", 2, 8]]
    made: dict[str, Any] = s3.generate_presigned_post(
        "uploads", "in/one.csv", {"Content-Type": "text/csv"}, conditions, 60
    )
    return made


def post(form: dict[str, Any], content: bytes = b"1,2\n", **fields: str) -> tuple[int, str]:
    answer = httpx.post(form["url"], data=form["fields"] | fields, files={"file": content})
    return answer.status_code, answer.text


def test_what_the_policy_allows_is_kept(sandbox: Sandbox, form: dict[str, Any]) -> None:
    assert post(form)[0] == 204
    assert sandbox.objects.read("s3://uploads/in/one.csv") == b"1,2\n"


@pytest.mark.parametrize(
    ("content", "fields", "status", "words"),
    [
        (b"123456789", {}, 400, "EntityTooLarge"),
        (b"1", {}, 400, "EntityTooSmall"),
        (b"1,2\n", {"Content-Type": "text/html"}, 403, "Policy Condition failed"),
        (b"1,2\n", {"key": "in/other.csv"}, 403, "Policy Condition failed"),
        (b"1,2\n", {"acl": "public-read"}, 403, "Extra input fields: acl"),
    ],
)
def test_what_it_does_not_allow_is_refused(
    sandbox: Sandbox, form: dict[str, Any], content: bytes, fields: dict[str, str], status: int, words: str
) -> None:
    text = post(form, content, **fields)
    assert text[0] == status
    assert words in text[1]
    assert sandbox.objects.under("s3://uploads/") == []


def test_it_ends(sandbox: Sandbox, connect: Connect, form: dict[str, Any]) -> None:
    over = connect("s3").generate_presigned_post("uploads", "in/one.csv", None, None, -1)
    status, words = post(over)
    assert status == 403
    assert "Invalid according to Policy: Policy expired." in words
    assert sandbox.objects.under("s3://uploads/") == []
