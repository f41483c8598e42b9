"""S3 as typed functions on a scope's clients: what is there, what it holds, and uploads that a browser makes itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import aiohttp
from botocore.exceptions import BotoCoreError

from aws.client.client import AwsClient
from aws.client.errors import (
    AccessDeniedError,
    AWSError,
    InvalidRequestError,
    NotFoundError,
    UnavailableError,
)
from aws.client.paging import PageTokens
from aws.client.service_clients import ServiceClients
from aws.s3_uris import split_s3_uri

# No object has this ETag, so a write on condition of it changes nothing; S3 answers so only to whom it lets write.
_PROBE_KEY, _NO_ETAG = "sagegraph-access-check", '"00000000000000000000000000000000"'
_PERMITTED = frozenset({"PreconditionFailed", "NoSuchKey"})
# What ListObjectsV2 gives at once (service model).
_PAGE = 1000


class Readability(Enum):
    """Whether a role may read what is at an address.

    S3 says DENIED of what is not there, too, to a role that may not list the bucket; and NOT_FOUND of an object and of
    a bucket alike.
    """

    READABLE = "READABLE"
    NOT_FOUND = "NOT_FOUND"
    DENIED = "DENIED"


class ObjectTooLargeError(Exception):
    """An object is larger than may be read; both sizes are in bytes."""

    def __init__(self, uri: str, size_bytes: int, most_bytes: int) -> None:
        super().__init__(f"{uri} has {size_bytes} bytes; {most_bytes} at most are read.")
        self.size_bytes = size_bytes
        self.max_bytes = most_bytes


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object in S3.

    Attributes:
        s3_uri: Its address.
        size_bytes: Its size in bytes.
        last_modified: When it was written.
        content_type: Its MIME type; listings do not tell it.
        fingerprint: `version:` and its version in a bucket with versions, else `etag:` and its ETag.
    """

    s3_uri: str
    size_bytes: int
    last_modified: datetime | None
    content_type: str | None = None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectListing:
    """Objects below a prefix, in the order of their keys; `complete` where there are no others."""

    objects: Sequence[StoredObject]
    complete: bool


@dataclass(frozen=True, slots=True)
class UploadForm:
    """A form that sends one object to S3, whoever posts it.

    Attributes:
        url: Where it is posted to.
        fields: Its fields, to be sent as they are, before the file. They are as good as keys until it expires.
        s3_uri: Where the object will be.
        expires_at: When S3 no longer takes it: as asked, or when the session that signed it ends, if that is sooner.
        max_size_bytes: The largest file that S3 takes with it.
    """

    url: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    s3_uri: str
    expires_at: datetime
    max_size_bytes: int


class ObjectStorage:
    """S3 as one scope's role sees it. Addresses are `s3://bucket/key`, or `https://` ones of S3.

    Every method raises `MalformedS3UriError` (aws/ids.py) for an address that is none of S3's.

    Args:
        calls: The scope's way to AWS.
        clients: The scope's clients, which sign forms.
    """

    def __init__(self, calls: AwsClient, clients: ServiceClients) -> None:
        self._calls = calls
        self._clients = clients

    async def readability(self, s3_uri: str) -> Readability:
        """Whether the role may read an object, or list what is below a prefix. Raises AWSError for other trouble."""
        bucket, key = split_s3_uri(s3_uri)
        try:
            if key and not key.endswith("/") and await self._is_object(bucket, key):
                return Readability.READABLE
            answer = await self._calls.call("ListObjectsV2", Bucket=bucket, Prefix=key, MaxKeys=1)
        except AccessDeniedError:
            return Readability.DENIED
        except NotFoundError:
            return Readability.NOT_FOUND
        return Readability.READABLE if answer.get("Contents") else Readability.NOT_FOUND

    async def _is_object(self, bucket: str, key: str) -> bool:
        """Whether it is an object; else it may be a prefix, as `s3://bucket/tra` is for everything that begins so."""
        try:
            await self._calls.call("HeadObject", Bucket=bucket, Key=key)
        except NotFoundError:
            return False
        return True

    async def head(self, s3_uri: str) -> StoredObject:
        """An object, without its content.

        Raises:
            NotFoundError: It is not there, or its bucket is not.
            AccessDeniedError: The role may not read it; or it is not there and the role may not list the bucket.
            AWSError: Something else kept S3 from answering.
        """
        bucket, key = split_s3_uri(s3_uri)
        answer = await self._calls.call("HeadObject", Bucket=bucket, Key=key)
        return StoredObject(
            _s3_uri(bucket, key),
            answer["ContentLength"],
            answer.get("LastModified"),
            answer.get("ContentType"),
            _fingerprint(answer),
        )

    async def read(self, s3_uri: str, most_bytes: int) -> bytes:
        """An object's content. No more than its head is read of one that is too large.

        Raises:
            TooLargeError: It has more bytes than these.
            NotFoundError, AccessDeniedError, AWSError: As `look`.
        """
        bucket, key = split_s3_uri(s3_uri)
        answer = await self._calls.call("GetObject", Bucket=bucket, Key=key)
        async with answer["Body"] as body:
            if answer["ContentLength"] > most_bytes:
                raise ObjectTooLargeError(_s3_uri(bucket, key), answer["ContentLength"], most_bytes)
            try:
                content: bytes = await body.read()
            except (BotoCoreError, aiohttp.ClientError, OSError, TimeoutError) as error:
                message = f"S3 broke off in the middle of {_s3_uri(bucket, key)} ({type(error).__name__})."
                raise UnavailableError(message, operation="GetObject", role=self._calls.role) from error
        return content

    async def list_objects(self, s3_uri: str, most: int) -> ObjectListing:
        """The objects whose addresses begin so, up to a number of them. Raises AWSError, as `look`."""
        bucket, prefix = split_s3_uri(s3_uri)
        found: list[StoredObject] = []
        page: dict[str, Any] = {}
        tokens = PageTokens("ListObjectsV2")
        while True:
            room = min(_PAGE, most - len(found))
            answer = await self._calls.call("ListObjectsV2", Bucket=bucket, Prefix=prefix, MaxKeys=room, **page)
            found += (
                StoredObject(
                    _s3_uri(bucket, each["Key"]), each["Size"], each.get("LastModified"), fingerprint=_fingerprint(each)
                )
                for each in answer.get("Contents", ())
            )
            token = answer.get("NextContinuationToken")
            if not token or len(found) >= most:
                return ObjectListing(found, not token)
            page = {"ContinuationToken": tokens.following(token)}

    async def write(self, s3_uri: str, content: bytes, content_type: str) -> None:
        """Writes a small object, over one that is there. It may be repeated: the second time changes nothing.

        Raises:
            AWSError: It was not written, or S3 did not say.
        """
        bucket, key = split_s3_uri(s3_uri)
        await self._calls.write("PutObject", Bucket=bucket, Key=key, Body=content, ContentType=content_type)

    async def is_writable(self, prefix: str) -> bool:
        """Tell whether the role may write below a prefix, by a write whose condition never holds.

        Raises:
            AWSError: S3 did not say, or there is no such bucket.
        """
        bucket, key = split_s3_uri(prefix)
        try:
            await self._calls.write("PutObject", Bucket=bucket, Key=f"{key}{_PROBE_KEY}", Body=b"", IfMatch=_NO_ETAG)
        except AccessDeniedError:
            return False
        except AWSError as error:
            if error.aws_code not in _PERMITTED:
                raise
        return True

    async def upload_form(self, s3_uri: str, content_type: str, max_size_bytes: int, seconds: int) -> UploadForm:
        """A form for one object at just this address, of just this content type and of no more bytes than these.

        It is signed here, as the caller, and S3 is not asked: whether the role may write there shows at the upload.

        Args:
            s3_uri: Where the object will be.
            content_type: The Content-Type that the form has, and that S3 insists on.
            max_size_bytes: The largest file.
            seconds: How long it is good for; never longer than the session that signs it.

        Raises:
            UnavailableError: That session is at its end.
            AWSError: It could not be signed.
        """
        bucket, key = split_s3_uri(s3_uri)
        now = datetime.now(UTC)
        ends = await self._clients.expires_at()
        until = min(now + timedelta(seconds=seconds), ends or datetime.max.replace(tzinfo=UTC))
        lasts = int((until - now).total_seconds())
        if lasts < 1:
            raise UnavailableError(
                "The session is at its end; ask again.", operation="PutObject", role=self._calls.role
            )
        conditions = [{"Content-Type": content_type}, ["content-length-range", 0, max_size_bytes]]
        try:
            form = await (await self._clients.get("s3")).generate_presigned_post(
                Bucket=bucket,
                Key=key,
                Fields={"Content-Type": content_type},
                Conditions=conditions,
                ExpiresIn=lasts,
            )
        except BotoCoreError as error:
            raise self._not_signed(error) from error
        fields = tuple(form["fields"].items())
        return UploadForm(form["url"], fields, _s3_uri(bucket, key), now + timedelta(seconds=lasts), max_size_bytes)

    def _not_signed(self, error: BotoCoreError) -> AWSError:
        message = f"A form for S3 could not be signed ({type(error).__name__})."
        return InvalidRequestError(message, operation="PutObject", role=self._calls.role)


def _fingerprint(answer: Mapping[str, Any]) -> str | None:
    """The version of an object, or its ETag where its bucket keeps no versions (`null`)."""
    version, etag = answer.get("VersionId"), answer.get("ETag")
    if version not in {None, "null"}:
        return f"version:{version}"
    return None if etag is None else f"etag:{str(etag).strip(chr(34))}"


def _s3_uri(bucket: str, key: str) -> str:
    return f"s3://{bucket}/{key}"
