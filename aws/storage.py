"""S3 as typed functions on a scope's clients: objects, their content, and forms for uploads by a browser."""

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

# No object has this ETag, so a write on this condition changes nothing; only a role that may write gets these answers.
_PROBE_KEY, _NO_ETAG = "sagegraph-access-check", '"00000000000000000000000000000000"'
_PERMITTED = frozenset({"PreconditionFailed", "NoSuchKey"})
# Answers to a copy whose condition fails: the source was overwritten, or the target exists; or it is being written.
_NOT_COPIED = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})
# The largest page of ListObjectsV2 (service model).
_PAGE = 1000


class Readability(Enum):
    """The answer to the question whether a role may read an address.

    S3 also answers DENIED for a missing object if the role may not list the bucket, and NOT_FOUND for a missing object
    and a missing bucket alike.
    """

    READABLE = "READABLE"
    NOT_FOUND = "NOT_FOUND"
    DENIED = "DENIED"


class ObjectTooLargeError(Exception):
    """An object is larger than the limit of the read.

    Attributes:
        size_bytes: The size of the object.
        max_bytes: The limit.
    """

    def __init__(self, uri: str, size_bytes: int, most_bytes: int) -> None:
        super().__init__(f"{uri} has {size_bytes} bytes; {most_bytes} at most are read.")
        self.size_bytes = size_bytes
        self.max_bytes = most_bytes


class ObjectChangedError(Exception):
    """An object was overwritten after it was read."""

    def __init__(self, uri: str) -> None:
        super().__init__(f"{uri} was overwritten after it was looked at.")


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object in S3.

    Attributes:
        s3_uri: Its address.
        size_bytes: Its size in bytes.
        last_modified: The time of its last write; None if S3 gives none.
        content_type: Its MIME type; None from a list call, which does not give it.
        fingerprint: `version:` and its version id in a bucket with versions, else `etag:` and its ETag; None without
            either.
        etag: Its ETag, without quotes; None from a list call.
    """

    s3_uri: str
    size_bytes: int
    last_modified: datetime | None
    content_type: str | None = None
    fingerprint: str | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectListing:
    """Objects below a prefix.

    Attributes:
        objects: The objects, in the order of their keys.
        complete: True if there are no further objects.
    """

    objects: Sequence[StoredObject]
    complete: bool


class ObjectStorage:
    """S3 for one scope's role. Addresses are `s3://bucket/key`, or the `https://` forms of S3.

    Every method raises `MalformedS3UriError` (aws/s3_uris.py) for an address that is not one of S3.

    Args:
        calls: The client of the scope.
        clients: The scope's clients, which sign forms.
    """

    def __init__(self, calls: AwsClient, clients: ServiceClients) -> None:
        self._calls = calls
        self._clients = clients

    async def readability(self, s3_uri: str) -> Readability:
        """Tell whether the role may read the object or prefix at `s3_uri`. Raises AWSError for other failures."""
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
        """Tell whether an object has this key; otherwise the key may be a prefix, like `s3://bucket/tra`."""
        try:
            await self._calls.call("HeadObject", Bucket=bucket, Key=key)
        except NotFoundError:
            return False
        return True

    async def head(self, s3_uri: str) -> StoredObject:
        """Give the object at `s3_uri`, without its content.

        Raises:
            NotFoundError: The object or its bucket does not exist.
            AccessDeniedError: The role may not read it; or it does not exist, and the role may not list the bucket.
            AWSError: S3 did not answer, or for another reason.
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
        """Give the content of the object at `s3_uri`; of a larger object than `most_bytes`, only the head is read.

        Raises:
            ObjectTooLargeError: It has more than `most_bytes`.
            NotFoundError, AccessDeniedError, AWSError: See `head`.
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
        """List the objects whose addresses begin with `s3_uri`, at most `most`. Raises AWSError, see `head`."""
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
        """Write a small object, or replace an existing one; a repeated call changes nothing.

        Args:
            s3_uri: Its address.
            content: Its bytes.
            content_type: Its MIME type.

        Raises:
            AWSError: It was not written, or S3 did not answer.
        """
        bucket, key = split_s3_uri(s3_uri)
        await self._calls.write("PutObject", Bucket=bucket, Key=key, Body=content, ContentType=content_type)

    async def copy(self, source: StoredObject, s3_uri: str) -> StoredObject:
        """Copy an object to a free address; S3 checks the version of the source and the target during the copy.

        A repeated call is safe: an object at the address stays, and is returned. So an address must be used for copies
        of one content only.

        Args:
            source: The object, from `head`.
            s3_uri: The address of the copy.

        Raises:
            ObjectChangedError: The source was overwritten since; nothing was copied.
            NotFoundError: The source does not exist any more.
            AWSError: It was not copied, or S3 did not answer.
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
        """The existing copy at the address; without one, the source has changed."""
        try:
            return await self.head(s3_uri)
        except (NotFoundError, AccessDeniedError) as error:
            raise ObjectChangedError(source.s3_uri) from error

    async def is_writable(self, prefix: str) -> bool:
        """Tell whether the role may write below a prefix, by a write whose condition never holds.

        Raises:
            AWSError: S3 did not answer, or the bucket does not exist.
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
        """Sign a form that uploads one object, to exactly this address and of this content type.

        S3 is not called, so a missing permission shows only at the upload.

        Args:
            s3_uri: The address of the object.
            content_type: The Content-Type that S3 requires of the upload.
            max_size_bytes: The size of the largest file.
            seconds: The validity of the form; it ends earlier with the session that signs it.

        Raises:
            UnavailableError: The session has ended.
            AWSError: The form could not be signed.
        """
        return await sign_upload_form(self._clients, self._calls.role, s3_uri, content_type, max_size_bytes, seconds)


def _fingerprint(answer: Mapping[str, Any]) -> str | None:
    """The version of an object, or its ETag if its bucket keeps no versions (`null`)."""
    version, etag = answer.get("VersionId"), _etag(answer)
    if version not in {None, "null"}:
        return f"version:{version}"
    return None if etag is None else f"etag:{etag}"


def _etag(answer: Mapping[str, Any]) -> str | None:
    etag = answer.get("ETag")
    return None if etag is None else str(etag).strip('"')


def _s3_uri(bucket: str, key: str) -> str:
    return f"s3://{bucket}/{key}"
