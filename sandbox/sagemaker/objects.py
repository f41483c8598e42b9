"""The S3 objects that jobs read and write, kept by moto."""

from typing import Protocol

from moto.core.exceptions import ServiceException
from moto.s3.exceptions import S3ClientError
from moto.s3.models import S3Backend, s3_backends
from moto.utilities.utils import get_partition


class Objects(Protocol):
    """The S3 access that SageMaker needs."""

    def read(self, uri: str) -> bytes | None:
        """The content of an object (``s3://`` URI); None if it does not exist."""

    def under(self, prefix_uri: str) -> list[str]:
        """The URIs of all objects under a prefix (``s3://`` URI); empty if the bucket does not exist."""

    def has_any(self, prefix_uri: str) -> bool:
        """True if an object is under the prefix."""

    def write(self, uri: str, content: bytes) -> None:
        """Store content in an object; raises KeyError if its bucket does not exist."""


def split_uri(uri: str) -> tuple[str, str]:
    """Bucket and key of an ``s3://`` URI."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


class MotoObjects:
    """S3 of every account: a bucket's name is unique in all of AWS."""

    def read(self, uri: str) -> bytes | None:
        """The content of an object (``s3://`` URI); None if it does not exist."""
        bucket, key = split_uri(uri)
        backend = self._backend_of(bucket)
        fake_key = backend.get_object(bucket, key) if backend else None
        return bytes(fake_key.value) if fake_key is not None else None

    def under(self, prefix_uri: str) -> list[str]:
        """The URIs of all objects under a prefix in order; empty if the bucket does not exist."""
        bucket, prefix = split_uri(prefix_uri)
        backend = self._backend_of(bucket)
        if backend is None:
            return []
        keys = sorted(key for key in backend.get_bucket(bucket).keys if key.startswith(prefix))
        return [f"s3://{bucket}/{key}" for key in keys]

    def has_any(self, prefix_uri: str) -> bool:
        """True if an object is under the prefix."""
        bucket, prefix = split_uri(prefix_uri)
        backend = self._backend_of(bucket)
        return backend is not None and any(key.startswith(prefix) for key in backend.get_bucket(bucket).keys)

    def write(self, uri: str, content: bytes) -> None:
        """Store content in an object; raises KeyError if its bucket does not exist."""
        bucket, key = split_uri(uri)
        backend = self._backend_of(bucket)
        if backend is None:
            raise KeyError(bucket)
        try:
            backend.put_object(bucket, key, content)
        except (S3ClientError, ServiceException) as error:
            raise KeyError(bucket) from error

    def etag(self, uri: str) -> str | None:
        """The ETag of an object, without its quotes; None if the object does not exist."""
        bucket, key = split_uri(uri)
        backend = self._backend_of(bucket)
        fake_key = backend.get_object(bucket, key) if backend else None
        return None if fake_key is None else str(fake_key.etag).strip('"')

    def make_bucket(self, name: str, account: str, region: str) -> None:
        """Make a bucket of this name in an account and region, unless it exists."""
        if self._backend_of(name) is None:
            s3_backends[account][get_partition(region)].create_bucket(name, region)

    def _backend_of(self, bucket: str) -> S3Backend | None:
        for account, partition, _ in list(s3_backends.iter_backends()):
            backend = s3_backends[account][partition]
            if bucket in backend.buckets:
                return backend
        return None
