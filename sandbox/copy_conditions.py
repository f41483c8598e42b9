"""Check the conditions of S3's CopyObject, which moto ignores: the source's ETag, and that the target is new."""

from urllib.parse import unquote

from sandbox.requests import COPY_SOURCE, IncomingRequest
from sandbox.sagemaker.objects import MotoObjects
from sandbox.service_errors import ServiceError


def check(request: IncomingRequest, objects: MotoObjects) -> None:
    """Return if the conditions of a copy hold, or if the request is no copy.

    Args:
        request: A request to S3.
        objects: The stored objects, with their ETags.

    Raises:
        ServiceError: 412 PreconditionFailed, as S3 answers.
    """
    if request.operation != "CopyObject":
        return
    etag = objects.etag(f"s3://{source_of(request)}")
    expected = request.headers.get(f"{COPY_SOURCE}-if-match")
    if etag is not None and expected is not None and expected.strip('"') != etag:
        raise _failed(f"{COPY_SOURCE}-If-Match")
    if request.headers.get("if-none-match") == "*" and objects.etag(f"s3:/{request.path}") is not None:
        raise _failed("If-None-Match")


def source_of(request: IncomingRequest) -> str:
    """Bucket and key (``bucket/key``) of the object that a copy request reads."""
    return unquote(request.headers[COPY_SOURCE].partition("?versionId=")[0]).lstrip("/")


def _failed(condition: str) -> ServiceError:
    return ServiceError(
        "PreconditionFailed", f"At least one of the pre-conditions you specified did not hold ({condition})", 412
    )
