"""Presigned S3 forms: a browser sends one object straight to a bucket."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from botocore.exceptions import BotoCoreError

from aws.client.errors import InvalidRequestError, UnavailableError
from aws.client.service_clients import ServiceClients
from aws.s3_uris import split_s3_uri


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


async def sign_upload_form(
    clients: ServiceClients, role: str | None, s3_uri: str, content_type: str, max_size_bytes: int, seconds: int
) -> UploadForm:
    """Sign a form with the caller's session; see `ObjectStorage.upload_form` for arguments and errors.

    Raises:
        InvalidRequestError: The form cannot be signed as asked.
        UnavailableError: The session that signs it has ended.
    """
    bucket, key = split_s3_uri(s3_uri)
    now = datetime.now(UTC)
    ends = await clients.expires_at()
    until = min(now + timedelta(seconds=seconds), ends or datetime.max.replace(tzinfo=UTC))
    lasts = int((until - now).total_seconds())
    if lasts < 1:
        raise UnavailableError("The AWS session has ended; ask again.", operation="PutObject", role=role)
    conditions = [{"Content-Type": content_type}, ["content-length-range", 0, max_size_bytes]]
    try:
        form = await (await clients.get("s3")).generate_presigned_post(
            Bucket=bucket, Key=key, Fields={"Content-Type": content_type}, Conditions=conditions, ExpiresIn=lasts
        )
    except BotoCoreError as error:
        message = f"A form for S3 could not be signed ({type(error).__name__})."
        raise InvalidRequestError(message, operation="PutObject", role=role) from error
    fields = tuple(form["fields"].items())
    return UploadForm(form["url"], fields, f"s3://{bucket}/{key}", now + timedelta(seconds=lasts), max_size_bytes)
