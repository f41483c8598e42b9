"""S3 as typed functions on a scope's clients: what is there, what it holds, and uploads that a browser makes itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

import aiohttp
from botocore.exceptions import BotoCoreError

from aws.client.client import AwsClient
from aws.client.errors import (
    AccessDeniedError,
    AWSError,
    NotFoundError,
    UnavailableError,
)
from aws.client.paging import PageTokens
from aws.client.service_clients import ServiceClients
from aws.s3_uris import split_s3_uri
from aws.upload_forms import UploadForm, sign_upload_form

# No object has this ETag, so a write on condition of it changes nothing; S3 answers so only to whom it lets write.
_PROBE_KEY, _NO_ETAG = "sagegraph-access-check", '"00000000000000000000000000000000"'
_PERMITTED = frozenset({"PreconditionFailed", "NoSuchKey"})
# A copy whose condition fails: the source was overwritten, or the target is there. The second: is being written now.
_NOT_COPIED = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})
# What ListObjectsV2 gives at once (service model).
_PAGE = 1000


class Readability(Enum):
    """Tell whether a role may read what is at an address.

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


class ObjectChangedError(Exception):
    """An object was overwritten after it was looked at."""

    def __init__(self, uri: str) -> None:
        super().__init__(f"{uri} was overwritten after it was looked at.")


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object in S3.

    Attributes:
        s3_uri: Its address.
        size_bytes: Its size in bytes.
        last_modified: When it was written.
        content_type: Its MIME type; listings do not tell it.
        fingerprint: `version:` and its version in a bucket with versions, else `etag:` and its ETag.
        etag: Its ETag, without quotes.
    """

    s3_uri: str
    size_bytes: int
    last_modified: datetime | None
    content_type: str | None = None
    fingerprint: str | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectListing:
    """Objects below a prefix, in the order of their keys; `complete` where there are no others."""

    objects: Sequence[StoredObject]
    complete: bool


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
        """Tell whether the role may read an object, or list a prefix. Raises AWSError for other trouble."""
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
        """Tell whether an object has this key; otherwise it may be a prefix, as `s3://bucket/tra` is."""
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
            _etag(answer),
        )

    async def read(self, s3_uri: str, most_bytes: int) -> bytes:
        """An object's content. No more than its head is read of one that is too large.

        Raises:
            ObjectTooLargeError: It has more bytes than these.
            NotFoundError, AccessDeniedError, AWSError: As `head`.
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
        """The objects whose addresses have a prefix, at most `most` of them. Raises AWSError, as `head`."""
        bucket, prefix = split_s3_uri(s3_uri)
        stored_objects: list[StoredObject] = []
        page: dict[str, Any] = {}
        tokens = PageTokens("ListObjectsV2")
        while True:
            room = min(_PAGE, most - len(stored_objects))
            answer = await self._calls.call("ListObjectsV2", Bucket=bucket, Prefix=prefix, MaxKeys=room, **page)
            stored_objects += (
                StoredObject(
                    _s3_uri(bucket, item["Key"]), item["Size"], item.get("LastModified"), fingerprint=_fingerprint(item)
                )
                for item in answer.get("Contents", ())
            )
            token = answer.get("NextContinuationToken")
            if not token or len(stored_objects) >= most:
                return ObjectListing(stored_objects, not token)
            page = {"ContinuationToken": tokens.following(token)}

    async def write(self, s3_uri: str, content: bytes, content_type: str) -> None:
        """Write a small object, and replace one that exists; a repeated call changes nothing.

        Raises:
            AWSError: It was not written, or S3 did not say.
        """
        bucket, key = split_s3_uri(s3_uri)
        await self._calls.write("PutObject", Bucket=bucket, Key=key, Body=content, ContentType=content_type)

    async def copy(self, source: StoredObject, s3_uri: str) -> StoredObject:
        """Copy an object as it was looked at to an address with nothing at it; S3 checks both as it copies.

        It may be repeated: an object that is at the address already stays, and is the answer. So only copies of one
        content may have the address.

        Args:
            source: The object, from `head`.
            s3_uri: Where the copy will be.

        Raises:
            ObjectChangedError: It was overwritten since; nothing was copied.
            NotFoundError: It is gone.
            AWSError: It was not copied, or S3 did not say.
        """
        (source_bucket, source_key), (bucket, key) = split_s3_uri(source.s3_uri), split_s3_uri(s3_uri)
        parameters = {"CopySource": {"Bucket": source_bucket, "Key": source_key}, "Bucket": bucket, "Key": key}
        try:
            answer = await self._calls.write(
                "CopyObject", **parameters, CopySourceIfMatch=f'"{source.etag}"', IfNoneMatch="*"
            )
        except AWSError as error:
            if error.aws_code not in _NOT_COPIED:
                raise
            return await self._copied_before(source, s3_uri)
        copied = {**answer, **answer["CopyObjectResult"]}
        return replace(source, s3_uri=_s3_uri(bucket, key), fingerprint=_fingerprint(copied), etag=_etag(copied))

    async def _copied_before(self, source: StoredObject, s3_uri: str) -> StoredObject:
        """The copy that is at the address already; without one, it is the source that did not meet its condition."""
        try:
            return await self.head(s3_uri)
        except (NotFoundError, AccessDeniedError) as error:
            raise ObjectChangedError(source.s3_uri) from error

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
        """A form that uploads one object: to exactly this address, of this content type, of at most `max_size_bytes`.

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
        return await sign_upload_form(self._clients, self._calls.role, s3_uri, content_type, max_size_bytes, seconds)


def _fingerprint(answer: Mapping[str, Any]) -> str | None:
    """The version of an object, or its ETag where its bucket keeps no versions (`null`)."""
    version, etag = answer.get("VersionId"), _etag(answer)
    if version not in {None, "null"}:
        return f"version:{version}"
    return None if etag is None else f"etag:{etag}"


def _etag(answer: Mapping[str, Any]) -> str | None:
    etag = answer.get("ETag")
    return None if etag is None else str(etag).strip('"')


def _s3_uri(bucket: str, key: str) -> str:
    return f"s3://{bucket}/{key}"
