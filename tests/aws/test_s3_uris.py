"""S3 addresses in all spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws.s3_uris import MalformedS3UriError, s3_uri, split_s3_uri, training_job_in


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("s3://bucket/a/model.tar.gz", "s3://bucket/a/model.tar.gz"),
        ("https://bucket.s3.amazonaws.com/a/model.tar.gz", "s3://bucket/a/model.tar.gz"),
        ("https://bucket.s3.eu-west-1.amazonaws.com/a/model.tar.gz", "s3://bucket/a/model.tar.gz"),
        ("https://bucket.s3-eu-west-1.amazonaws.com/a/model.tar.gz", "s3://bucket/a/model.tar.gz"),
        ("https://bucket.s3.dualstack.eu-west-1.amazonaws.com/a", "s3://bucket/a"),
        ("https://bucket.s3.cn-north-1.amazonaws.com.cn/a", "s3://bucket/a"),
        ("https://my.s3.bucket.s3.eu-west-1.amazonaws.com/a", "s3://my.s3.bucket/a"),
        ("https://s3.amazonaws.com/bucket/a/model.tar.gz", "s3://bucket/a/model.tar.gz"),
        ("https://s3.eu-west-1.amazonaws.com/bucket/a/model.tar.gz", "s3://bucket/a/model.tar.gz"),
        ("https://s3-eu-west-1.amazonaws.com/bucket/a", "s3://bucket/a"),
        ("https://s3.cn-north-1.amazonaws.com.cn/bucket/a", "s3://bucket/a"),
        ("https://s3.eu-west-1.amazonaws.com/bucket/a%20b%2Bc", "s3://bucket/a b+c"),
        ("https://bucket.s3.amazonaws.com/a/", "s3://bucket/a/"),
        ("https://models.example.com/bucket/a", "https://models.example.com/bucket/a"),
        ("https://s3.eu-west-1.amazonaws.com.example/bucket/a", "https://s3.eu-west-1.amazonaws.com.example/bucket/a"),
        ("https://[unclosed/a", "https://[unclosed/a"),
        ("", ""),
    ],
)
def test_addresses_in_their_s3_spelling(address: str, uri: str) -> None:
    assert s3_uri(address) == uri


@given(st.from_regex(r"(https|s3)://([^/]+)/?(.*)", fullmatch=True))
def test_no_address_that_sagemaker_takes_is_too_much(address: str) -> None:
    assert s3_uri(s3_uri(address)) == s3_uri(address)


@pytest.mark.parametrize(
    ("address", "bucket", "key"),
    [
        ("s3://b/k/l", "b", "k/l"),
        ("s3://b", "b", ""),
        ("s3://b/", "b", ""),
        ("s3://b//k", "b", "/k"),
        ("https://b.s3.eu-west-1.amazonaws.com/k%20l", "b", "k l"),
        ("https://s3.eu-west-1.amazonaws.com/b/k", "b", "k"),
    ],
)
def test_an_address_is_a_bucket_and_a_key(address: str, bucket: str, key: str) -> None:
    assert split_s3_uri(address) == (bucket, key)


@pytest.mark.parametrize("address", ["", "b/k", "s3://", "s3:///k", "https://example.com/k", "file:///k", "S3://b/k"])
def test_what_is_no_address_in_s3(address: str) -> None:
    with pytest.raises(MalformedS3UriError, match="not an S3 address"):
        split_s3_uri(address)


@pytest.mark.parametrize(
    ("key", "job"),
    [
        ("s3://bucket/prefix/job-1/output/model.tar.gz", "job-1"),
        ("s3://bucket/job-1/output/model.tar.gz", "job-1"),
        ("s3://bucket/a/b/job-1/output/model", "job-1"),
        ("s3://job-1/output/model.tar.gz", None),
        ("s3://bucket/job-1/model.tar.gz", None),
        ("s3://bucket/job-1/output/model.tar.gz/more", None),
        ("s3://bucket/job_1/output/model.tar.gz", None),
        ("s3://bucket/-job/output/model.tar.gz", None),
        (f"s3://bucket/{'j' * 64}/output/model.tar.gz", None),
        ("https://elsewhere.example/job-1/output/model.tar.gz", None),
        ("", None),
    ],
)
def test_the_training_job_in_an_address(key: str, job: str | None) -> None:
    assert training_job_in(key) == job
