"""aws.storage: S3 as a role sees it, over real HTTP and while IAM counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from moto.s3.models import s3_backends

from aws.client.client import AwsClient
from aws.client.errors import (
    AccessDeniedError,
    InvalidRequestError,
    NotFoundError,
    ThrottledError,
    UnavailableError,
)
from aws.client.service_clients import ServiceClients
from aws.iam_policy import least_policy
from aws.s3_uris import MalformedS3UriError
from aws.storage import ObjectChangedError, ObjectStorage, ObjectTooLargeError, Readability
from aws.upload_forms import UploadForm
from sandbox.iam import principals
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, REGION, StaticCredentials, call_policy, collected_stats

OBJECT = "s3://assets/docs/readme.md"


@pytest.fixture
def bucket(sandbox: Sandbox) -> Sandbox:
    """A bucket with five objects, for a role of the least policy."""
    sandbox.objects.make_bucket("assets", ACCOUNT, REGION)
    sandbox.objects.write(OBJECT, b"# Read me\n")
    sandbox.objects.write("s3://assets/docs/a b+é.md", b"")
    for number in range(3):
        sandbox.objects.write(f"s3://assets/train/part-{number}", b"1,2\n")
    principals.add_user(ACCOUNT, "tests", "AKIATESTSOFAWS", "any", *least_policy()["Statement"])
    sandbox.enforce()
    return sandbox


@pytest.fixture
def storage(bucket: Sandbox, calls: AwsClient, clients: ServiceClients) -> ObjectStorage:
    return ObjectStorage(calls, clients)


@pytest.mark.parametrize(
    ("uri", "expected", "asked"),
    [
        (OBJECT, Readability.READABLE, {"HeadObject": 1}),
        ("https://assets.s3.eu-west-1.amazonaws.com/docs/readme.md", Readability.READABLE, {"HeadObject": 1}),
        ("s3://assets/docs/a b+é.md", Readability.READABLE, {"HeadObject": 1}),
        ("s3://assets/train/", Readability.READABLE, {"ListObjectsV2": 1}),
        ("s3://assets/tra", Readability.READABLE, {"HeadObject": 1, "ListObjectsV2": 1}),
        ("s3://assets", Readability.READABLE, {"ListObjectsV2": 1}),
        ("s3://assets/none.md", Readability.NOT_FOUND, {"HeadObject": 1, "ListObjectsV2": 1}),
        ("s3://assets/none/", Readability.NOT_FOUND, {"ListObjectsV2": 1}),
        ("s3://no-such-bucket/docs/readme.md", Readability.NOT_FOUND, {"HeadObject": 1, "ListObjectsV2": 1}),
        ("s3://no-such-bucket/docs/", Readability.NOT_FOUND, {"ListObjectsV2": 1}),
    ],
)
async def test_whether_something_can_be_read(
    bucket: Sandbox, storage: ObjectStorage, uri: str, expected: Readability, asked: dict[str, int]
) -> None:
    assert await storage.readability(uri) is expected
    assert bucket.calls.by_operation() == asked


@pytest.mark.parametrize(("uri", "operation"), [(OBJECT, "HeadObject"), ("s3://assets/docs/", "ListObjectsV2")])
async def test_refused_is_told_apart_from_missing(
    bucket: Sandbox, storage: ObjectStorage, uri: str, operation: str
) -> None:
    bucket.faults.refuse(operation)
    assert await storage.readability(uri) is Readability.DENIED


async def test_refused_by_iam(sandbox: Sandbox, calls: AwsClient, clients: ServiceClients) -> None:
    sandbox.objects.make_bucket("assets", ACCOUNT, REGION)
    sandbox.objects.write(OBJECT, b"x")
    nothing = {"Effect": "Allow", "Action": "sagemaker:ListModels", "Resource": "*"}
    principals.add_user(ACCOUNT, "tests", "AKIATESTSOFAWS", "any", nothing)
    sandbox.enforce()
    storage = ObjectStorage(calls, clients)
    assert await storage.readability(OBJECT) is Readability.DENIED
    with pytest.raises(AccessDeniedError):
        await storage.read(OBJECT, 10)
    with pytest.raises(AccessDeniedError):
        await storage.write(OBJECT, b"y", "text/plain")
    assert sandbox.objects.read(OBJECT) == b"x"


@pytest.mark.parametrize(
    ("trouble", "uri", "kind"),
    [
        ("throttle", "s3://assets/docs/", ThrottledError),
        # An answer to HEAD has no body that would tell a throttle from an outage.
        ("throttle", OBJECT, UnavailableError),
        ("drop", OBJECT, UnavailableError),
        ("fail", "s3://assets/docs/", UnavailableError),
    ],
)
async def test_what_cannot_be_told_is_no_answer(
    bucket: Sandbox, storage: ObjectStorage, trouble: str, uri: str, kind: type[Exception]
) -> None:
    getattr(bucket.faults, trouble)("*")
    with pytest.raises(kind):
        await storage.readability(uri)


async def test_a_look(bucket: Sandbox, storage: ObjectStorage) -> None:
    stored_object = await storage.head(OBJECT)
    assert (stored_object.s3_uri, stored_object.size_bytes) == (OBJECT, 10)
    assert stored_object.last_modified is not None
    with pytest.raises(NotFoundError):
        await storage.head("s3://assets/none.md")


async def test_content_up_to_a_limit(bucket: Sandbox, storage: ObjectStorage) -> None:
    assert await storage.read(OBJECT, 10) == b"# Read me\n"
    assert await storage.read("s3://assets/docs/a b+é.md", 0) == b""
    with pytest.raises(ObjectTooLargeError) as caught:
        await storage.read(OBJECT, 9)
    assert str(caught.value) == f"{OBJECT} has 10 bytes; 9 at most are read."
    assert (caught.value.size_bytes, caught.value.max_bytes) == (10, 9)
    with pytest.raises(NotFoundError):
        await storage.read("s3://assets/none.md", 10)
    with pytest.raises(NotFoundError):
        await storage.read("s3://no-such-bucket/none.md", 10)


async def test_what_lies_under_a_prefix(
    bucket: Sandbox, storage: ObjectStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aws.storage._PAGE", 2)
    whole = await storage.list_objects("s3://assets/train/", 10)
    assert [(stored_object.s3_uri, stored_object.size_bytes) for stored_object in whole.objects] == [
        (f"s3://assets/train/part-{number}", 4) for number in range(3)
    ]
    assert whole.complete is True
    assert bucket.calls.by_operation() == {"ListObjectsV2": 2}
    part = await storage.list_objects("s3://assets/", 3)
    assert ([item.s3_uri for item in part.objects], part.complete) == (
        ["s3://assets/docs/a b+é.md", OBJECT, "s3://assets/train/part-0"],
        False,
    )
    assert (await storage.list_objects("s3://assets/none/", 3)).objects == []


async def test_a_small_object_is_written(bucket: Sandbox, storage: ObjectStorage) -> None:
    with collected_stats() as stats:
        await storage.write("s3://assets/new.csv", b"1,2\n", "text/csv")
    assert bucket.objects.read("s3://assets/new.csv") == b"1,2\n"
    assert (await storage.head("s3://assets/new.csv")).content_type == "text/csv"
    assert dict(stats.calls) == {"PutObject": 1}


async def test_a_write_without_an_answer(bucket: Sandbox, storage: ObjectStorage) -> None:
    bucket.faults.fail("PutObject", status=500)
    with pytest.raises(UnavailableError):
        await storage.write("s3://assets/lost.csv", b"1,2\n", "text/csv")
    assert bucket.calls.count("PutObject") == 1
    assert bucket.objects.read("s3://assets/lost.csv") is None


COPY = "s3://assets/taken/a b+é.md"


async def test_an_object_is_copied_as_it_was_looked_at(bucket: Sandbox, storage: ObjectStorage) -> None:
    """Its key may need escapes; the copy is pinned by what S3 says of the copy."""
    seen = await storage.head(OBJECT)
    bucket.calls.clear()
    with collected_stats() as stats:
        copy = await storage.copy(seen, COPY)
    assert (copy.s3_uri, copy.size_bytes, copy.content_type) == (COPY, 10, seen.content_type)
    assert (copy.fingerprint, bucket.objects.read(COPY)) == (seen.fingerprint, b"# Read me\n")
    assert copy == replace(await storage.head(COPY), last_modified=seen.last_modified)
    assert dict(stats.calls) == {"CopyObject": 1}
    spaced = await storage.head("s3://assets/docs/a b+é.md")
    assert (await storage.copy(spaced, "s3://assets/taken/other")).size_bytes == 0


async def test_a_copy_in_a_bucket_with_versions_is_pinned_by_its_own(bucket: Sandbox, storage: ObjectStorage) -> None:
    s3_backends[ACCOUNT]["aws"].put_bucket_versioning("assets", "Enabled")
    bucket.objects.write(OBJECT, b"# New\n")
    seen = await storage.head(OBJECT)
    copy = await storage.copy(seen, COPY)
    assert str(copy.fingerprint).startswith("version:")
    assert copy.fingerprint != seen.fingerprint
    assert copy.fingerprint == (await storage.head(COPY)).fingerprint


async def test_nothing_is_copied_of_an_object_that_was_overwritten(bucket: Sandbox, storage: ObjectStorage) -> None:
    seen = await storage.head(OBJECT)
    bucket.objects.write(OBJECT, b"# Other\n")
    with pytest.raises(ObjectChangedError):
        await storage.copy(seen, COPY)
    assert bucket.objects.read(COPY) is None
    assert bucket.calls.by_operation() == {"HeadObject": 2, "CopyObject": 1}


async def test_a_repeated_copy_leaves_the_first(bucket: Sandbox, storage: ObjectStorage) -> None:
    """Also if the answer to the first was lost."""
    seen = await storage.head(OBJECT)
    bucket.faults.lose("CopyObject")
    with pytest.raises(UnavailableError):
        await storage.copy(seen, COPY)
    bucket.faults.clear()
    bucket.objects.write(OBJECT, b"# Other\n")
    again = await storage.copy(seen, COPY)
    assert (again.fingerprint, bucket.objects.read(COPY)) == (seen.fingerprint, b"# Read me\n")


async def test_a_copy_that_is_not_made(bucket: Sandbox, storage: ObjectStorage) -> None:
    seen = await storage.head(OBJECT)
    bucket.faults.refuse("CopyObject", times=1)
    with pytest.raises(AccessDeniedError):
        await storage.copy(seen, COPY)
    with pytest.raises(NotFoundError):
        await storage.copy(replace(seen, s3_uri="s3://assets/none.md"), COPY)
    bucket.faults.fail("CopyObject", status=409, code="ConditionalRequestConflict")
    with pytest.raises(ObjectChangedError):
        await storage.copy(seen, COPY)
    assert bucket.objects.read(COPY) is None


@pytest.mark.parametrize("uri", ["", "s3://", "s3:///key", "/key", "http://assets/key", "https://example.com/key"])
async def test_what_is_no_address(bucket: Sandbox, storage: ObjectStorage, uri: str) -> None:
    with pytest.raises(MalformedS3UriError):
        await storage.readability(uri)
    assert bucket.calls.count() == 0


async def test_a_bucket_that_cannot_be(bucket: Sandbox, storage: ObjectStorage) -> None:
    with pytest.raises(InvalidRequestError):
        await storage.readability("s3://no bucket/key")
    assert bucket.calls.count() == 0


async def post(upload: UploadForm, content: bytes, **other: str) -> tuple[int, str]:
    async with httpx.AsyncClient() as client:
        answer = await client.post(upload.url, data=dict(upload.fields) | other, files={"file": content})
    return answer.status_code, answer.text


NEW = "s3://assets/uploads/new one.csv"


async def test_an_upload_that_a_browser_makes_itself(bucket: Sandbox, storage: ObjectStorage) -> None:
    before = datetime.now(UTC)
    upload = await storage.upload_form(NEW, "text/csv", 8, 600)
    assert bucket.calls.count() == 0
    assert (upload.s3_uri, upload.max_size_bytes) == (NEW, 8)
    assert timedelta(seconds=595) < upload.expires_at - before <= timedelta(seconds=601)
    assert await post(upload, b"1,2\n") == (204, "")
    assert bucket.objects.read(NEW) == b"1,2\n"
    assert (await storage.head(NEW)).size_bytes == 4


@pytest.mark.parametrize(
    ("content", "other", "status"),
    [
        (b"123456789", {}, 400),
        (b"1,2\n", {"Content-Type": "text/html"}, 403),
        (b"1,2\n", {"key": "docs/readme.md"}, 403),
        (b"1,2\n", {"acl": "public-read"}, 403),
    ],
)
async def test_it_is_good_for_nothing_else(
    bucket: Sandbox, storage: ObjectStorage, content: bytes, other: dict[str, str], status: int
) -> None:
    upload = await storage.upload_form(NEW, "text/csv", 8, 600)
    assert (await post(upload, content, **other))[0] == status
    assert bucket.objects.read(NEW) is None
    assert bucket.objects.read(OBJECT) == b"# Read me\n"


async def test_a_form_shows_no_keys(storage: ObjectStorage) -> None:
    upload = await storage.upload_form(NEW, "text/csv", 8, 600)
    assert "x-amz-signature" in dict(upload.fields)
    assert not any(value in repr(upload) for name, value in upload.fields if name != "key" and len(value) > 10)


class Session(StaticCredentials):
    """Keys of a session that ends."""

    def __init__(self, ends_in: float) -> None:
        super().__init__()
        self.ends = datetime.now(UTC) + timedelta(seconds=ends_in)

    async def get_frozen_credentials(self) -> Any:
        keys = self.keys

        class Ending:
            access_key, secret_key, token, expires_at = keys.access_key, keys.secret_key, keys.token, self.ends

        return Ending()


async def test_it_ends_with_the_session_that_signs_it(bucket: Sandbox, connection: Any) -> None:
    session = Session(120)
    clients = ServiceClients(connection, session)
    upload = await ObjectStorage(AwsClient(clients, call_policy()), clients).upload_form(NEW, "text/csv", 8, 600)
    assert session.ends - timedelta(seconds=2) <= upload.expires_at <= session.ends
    assert await post(upload, b"1,2\n") == (204, "")
    await clients.close()


async def test_a_session_at_its_end_signs_nothing(bucket: Sandbox, connection: Any) -> None:
    clients = ServiceClients(connection, Session(0.5))
    with pytest.raises(UnavailableError, match="ask again"):
        await ObjectStorage(AwsClient(clients, call_policy()), clients).upload_form(NEW, "text/csv", 8, 600)
    await clients.close()
