"""S3 addresses: their parts, and the normal form by which artifacts are compared."""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from aws.ids import NAME_PATTERN

_VIRTUAL_HOST = re.compile(r"(?P<bucket>.+)\.s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?")
_JOB_OUTPUT = re.compile(r"s3://.+/(?P<job>[^/]+)/output/model(?:\.tar\.gz)?")
_PATH_HOST = re.compile(r"s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?")


class MalformedS3UriError(ValueError):
    """An address that is not one of S3."""


def s3_uri(address: str) -> str:
    """Give an artifact's address in the form `s3://…`; SageMaker also takes both styles of `https://…`."""
    if not address.startswith("https://"):
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        # SageMaker's pattern also accepts texts that are no address, such as one with an unclosed bracket.
        return address
    host, path = parts.hostname or "", unquote(parts.path)
    if match := _VIRTUAL_HOST.fullmatch(host):
        return f"s3://{match['bucket']}{path}"
    if _PATH_HOST.fullmatch(host):
        return f"s3:/{path}"
    return address


def split_s3_uri(address: str) -> tuple[str, str]:
    """Give the bucket and the key, which may be empty, of an address in any form of S3.

    Raises:
        MalformedS3UriError: It has no bucket, or belongs to another service.
    """
    scheme, _, rest = s3_uri(address).partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "s3" or not bucket:
        raise MalformedS3UriError(f"`{address}` is not an S3 address; write s3:// and a bucket first.")
    return bucket, key


def artifact_key(uri: str) -> str:
    """Give the address `uri` in the form that jobs and models are compared by: `s3://…` without a closing slash."""
    return s3_uri(uri).rstrip("/")


def training_job_in(key: str) -> str | None:
    """The name of the training job in an artifact's address, in the form of `artifact_key`; None of any other address.

    SageMaker writes below the output path, in a folder of the job's name. That is a habit and no promise of its
    documentation: only the job's description proves that it has made the artifact.
    """
    match = _JOB_OUTPUT.fullmatch(key)
    return match["job"] if match and NAME_PATTERN.fullmatch(match["job"]) else None


def parent_folders(artifact: str) -> Iterable[str]:
    """Give every folder, with a closing slash, that contains the artifact; the artifact itself counts as one."""
    parts = artifact.removeprefix("s3://").split("/")
    return (f"s3://{'/'.join(parts[:count])}/" for count in range(1, len(parts) + 1))


def containing_folder(key: str) -> str | None:
    """Give the folder of an artifact, in the form of `artifact_key`; None if that is a whole bucket."""
    folder = key.rpartition("/")[0]
    return folder if folder.removeprefix("s3://").count("/") else None
