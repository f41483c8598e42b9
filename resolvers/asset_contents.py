"""What an asset will hold, looked at before it is kept: text, something in S3, or what somebody has uploaded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from aws.errors import AccessDeniedError, NotFoundError
from registry import uploads
from registry.ids import key_of
from registry.records import Registration
from registry.texts import is_storable
from registry.words import AssetRole
from resolvers.acts import Act
from resolvers.asset_payloads import PutAsset
from resolvers.asset_reading import checked_address, found_at, readers
from resolvers.user_errors import UserError, UserErrorCode, UserFaultError, fault

LARGEST_TEXT: Final = 65_536
"""The most bytes of a text that the gateway holds itself: a request's body has not much more."""
_PLAIN: Final = "text/plain; charset=utf-8"
# Jobs read these, and jobs read from S3.
_DATA: Final = frozenset({AssetRole.TRAINING_DATA, AssetRole.TEST_DATA})
_UPLOAD: Final = ("content", "uploadId")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an asset will hold.

    Attributes:
        s3_uri: Where it is in S3; None for text.
        text: The text.
        content_type: Its MIME type, as given or as S3 tells it.
        size_bytes: Its size, where that is known.
        upload_key: The key of the upload that it came by, which is to be taken.
    """

    s3_uri: str | None = None
    text: str | None = field(default=None, repr=False)
    content_type: str | None = None
    size_bytes: int | None = None
    upload_key: str | None = None


def content_faults(given: PutAsset) -> Sequence[UserError]:
    """What is wrong with the content of an input that can be told without asking for it."""
    if (text := given.content.text) is not None:
        return [UserError(words, UserErrorCode.INVALID, ("content", "text")) for words in _wrong_with(given.role, text)]
    if (address := given.content.s3_uri) is not None:
        try:
            checked_address(address)
        except UserFaultError as error:
            return error.errors
    return ()


def _wrong_with(role: AssetRole, text: str) -> Iterator[str]:
    if role in _DATA:
        yield f"Jobs read {role.value} from S3; give it by s3Uri or uploadId."
    if not is_storable(text):
        yield "This holds a NUL; leave it out."
    if (size := len(text.encode())) > LARGEST_TEXT:
        yield f"A text may have {LARGEST_TEXT:,} bytes, not {size:,}; give a larger one by s3Uri or uploadId."


async def content_of(act: Act, registration: Registration, given: PutAsset) -> Content:
    """The content that an input without `content_faults` gives, which is there and can be read.

    Raises:
        UserFaultError: It is not, or is too large.
        aws.errors.AWSError: S3 turned calls away, or did not answer.
        auth.errors.AuthError: The group has no role to look with.
    """
    if (text := given.content.text) is not None:
        return _text(given, text)
    if (address := given.content.s3_uri) is not None:
        return await _in_s3(act, registration, given, address)
    return await _uploaded(act, registration, given)


def no_such_upload() -> UserFaultError:
    """That there is no such upload, or not for this asset, or not any more."""
    words = (
        "There is no upload with this id for this registration, role and name; it may have expired or been taken. "
        "Ask createAssetUpload for another."
    )
    return fault(words, UserErrorCode.NOT_FOUND, *_UPLOAD)


def _text(given: PutAsset, text: str) -> Content:
    return Content(text=text, content_type=given.content_type or _PLAIN, size_bytes=len(text.encode()))


async def _in_s3(act: Act, registration: Registration, given: PutAsset, address: str) -> Content:
    uri = checked_address(address)
    stored = None
    for view in await readers(act, registration):
        stored = await found_at(view, uri)
    if stored is None:
        return Content(s3_uri=uri, content_type=given.content_type)
    return Content(s3_uri=uri, content_type=given.content_type or stored.content_type, size_bytes=stored.size_bytes)


async def _uploaded(act: Act, registration: Registration, given: PutAsset) -> Content:
    """The upload stays where it is until the asset is kept, so that whoever was too early can ask again."""
    services = act.request.services
    key, owner = key_of(given.content.upload_id or "", "AssetUpload"), key_of(registration.id, "Registration")
    if key is None or owner is None:
        raise no_such_upload()
    async with services.database.reading() as connection:
        upload = await uploads.find(connection, key, owner, given.role, given.name, datetime.now(UTC))
    if upload is None:
        raise no_such_upload()
    hand = await act.hand_for(registration.group, registration.region)
    try:
        stored = await hand.writer.storage.look(upload.s3_uri)
    except NotFoundError:
        words = "Nothing has been uploaded yet; post the file with the form, then ask again."
        raise fault(words, UserErrorCode.NOT_FOUND, *_UPLOAD) from None
    except AccessDeniedError:
        words = f"AWS refuses {upload.s3_uri} to {hand.view.scope.role}; or nothing has been uploaded yet."
        raise fault(words, UserErrorCode.UNREADABLE, *_UPLOAD) from None
    most = services.public_settings.max_upload_bytes
    if stored.size_bytes > most:
        words = f"An upload may have {most:,} bytes, not {stored.size_bytes:,} (`assets.maxUploadBytes`)."
        raise fault(words, UserErrorCode.INVALID, *_UPLOAD)
    return Content(
        s3_uri=upload.s3_uri,
        content_type=given.content_type or stored.content_type or upload.content_type,
        size_bytes=stored.size_bytes,
        upload_key=key,
    )
