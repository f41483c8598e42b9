"""Parse and normalize S3 addresses."""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from aws.ids import NAME_PATTERN

_VIRTUAL_HOST = re.compile(r"(?P<bucket>.+)\.s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?")
_JOB_OUTPUT = re.compile(r"s3://.+/(?P<job>[^/]+)/output/model(?:\.tar\.gz)?")
_PATH_HOST = re.compile(r"s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?")


class MalformedS3UriError(ValueError):
    """An address that is none of S3's."""


def s3_uri(address: str) -> str:
    """An artifact's address in its `s3://` spelling: SageMaker also takes `https://` ones, of either style."""
    if not address.startswith("https://"):
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        # SageMaker's pattern lets pass what is no address, such as an unclosed bracket.
        return address
    host, path = parts.hostname or "", unquote(parts.path)
    if match := _VIRTUAL_HOST.fullmatch(host):
        return f"s3://{match['bucket']}{path}"
    if _PATH_HOST.fullmatch(host):
        return f"s3:/{path}"
    return address


def split_s3_uri(address: str) -> tuple[str, str]:
    """The bucket and the key, which may be empty, of an address in any of S3's spellings.

    Raises:
        MalformedS3UriError: It has no bucket, or is another service's.
    """
    scheme, _, rest = s3_uri(address).partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "s3" or not bucket:
        raise MalformedS3UriError(f"`{address}` is not an S3 address; write s3:// and a bucket first.")
    return bucket, key


def artifact_key(uri: str) -> str:
    """An artifact's address in the form in which jobs and models are compared: `s3://`, without a closing slash."""
    return s3_uri(uri).rstrip("/")


def training_job_in(key: str) -> str | None:
    """The name of the training job in an artifact's address, in the form of `artifact_key`; None of any other address.

    SageMaker writes below the output path, in a folder of the job's name. That is a habit and no promise of its
    documentation: only the job's description proves that it has made the artifact.
    """
    match = _JOB_OUTPUT.fullmatch(key)
    return match["job"] if match and NAME_PATTERN.fullmatch(match["job"]) else None


def parent_folders(artifact: str) -> Iterable[str]:
    """Every address with a closing slash that the artifact lies below, the artifact as a folder included."""
    parts = artifact.removeprefix("s3://").split("/")
    return (f"s3://{'/'.join(parts[:count])}/" for count in range(1, len(parts) + 1))


def containing_folder(key: str) -> str | None:
    """The folder that an artifact lies in, in the form of `artifact_key`; None if that is a whole bucket."""
    folder = key.rpartition("/")[0]
    return folder if folder.removeprefix("s3://").count("/") else None
