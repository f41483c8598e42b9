"""Presigned S3 forms, by which a browser sends one object straight to a bucket."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from botocore.exceptions import BotoCoreError

from aws.client.errors import InvalidRequestError, UnavailableError
from aws.client.service_clients import ServiceClients
from aws.s3_uris import split_s3_uri


@dataclass(frozen=True, slots=True)
class UploadForm:
    """A form that sends one object to S3; anybody who has it can use it.

    Attributes:
        url: The address to post it to.
        fields: Its fields, to be sent unchanged before the file. Until it expires they are as secret as keys.
        s3_uri: The address of the object.
        expires_at: The time from which S3 rejects it: the requested one, or the end of the session that signed it.
        max_size_bytes: The size of the largest file.
    """

    url: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    s3_uri: str
    expires_at: datetime
    max_size_bytes: int


async def sign_upload_form(
    clients: ServiceClients, role: str | None, s3_uri: str, content_type: str, max_size_bytes: int, seconds: int
) -> UploadForm:
    """Sign a form with the session of `clients`; see `ObjectStorage.upload_form` for other arguments and errors.

    Raises:
        InvalidRequestError: botocore cannot sign such a form.
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
