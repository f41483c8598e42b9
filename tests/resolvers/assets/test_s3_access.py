"""resolvers.assets.s3_access: which addresses can be S3's. Who must be able to read them: tests/live/test_assets.py."""

import pytest

from resolvers.assets.s3_access import checked_s3_uri
from resolvers.errors import UserErrorCode, UserFaultError


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("s3://bucket/key.csv", "s3://bucket/key.csv"),
        ("s3://bucket/prefix/", "s3://bucket/prefix/"),
        ("s3://bucket", "s3://bucket/"),
        ("s3://Old_Bucket.name/a b", "s3://Old_Bucket.name/a b"),
        ("https://bucket.s3.eu-west-1.amazonaws.com/a%20b.csv", "s3://bucket/a b.csv"),
        ("s3://bucket/" + "k" * 1024, "s3://bucket/" + "k" * 1024),
    ],
)
def test_an_address(value: str, address: str) -> None:
    assert checked_s3_uri(value) == address


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("s3://ab/key", "This is not the name of a bucket; write s3://, a bucket's name, a slash and the key."),
        ("s3://buck et/key", "This is not the name of a bucket; write s3://, a bucket's name, a slash and the key."),
        (
            "s3://" + "b" * 256 + "/key",
            "This is not the name of a bucket; write s3://, a bucket's name, a slash and the key.",
        ),
        ("s3://bucket/" + "k" * 1025, "The key is longer than the 1,024 bytes that S3 allows."),
        ("s3://bucket/" + "é" * 513, "The key is longer than the 1,024 bytes that S3 allows."),
        ("", "`` is not an S3 address; write s3:// and a bucket first."),
        ("s3:///key", "`s3:///key` is not an S3 address; write s3:// and a bucket first."),
        ("file:///etc/passwd", "`file:///etc/passwd` is not an S3 address; write s3:// and a bucket first."),
    ],
)
def test_what_is_no_address(value: str, message: str) -> None:
    with pytest.raises(UserFaultError) as caught:
        checked_s3_uri(value)
    (error,) = caught.value.errors
    assert (error.message, error.code, error.field) == (message, UserErrorCode.INVALID, ("content", "s3Uri"))
