"""Asset content from text, S3 or an upload, checked before it is stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from aws.client.errors import AccessDeniedError, NotFoundError
from registry import uploads
from registry.enums import AssetRole
from registry.ids import key_of
from registry.records import Registration
from registry.storable_text import is_storable
from resolvers.assets.inputs import PutAsset
from resolvers.assets.s3_access import checked_s3_uri, object_at, reader_for
from resolvers.errors import UserError, UserErrorCode, UserFaultError, user_fault
from resolvers.mutations.context import MutationContext

MAX_TEXT_BYTES: Final = 65_536
"""The most bytes of a text that the gateway holds itself: a request's body has not much more."""
_PLAIN_TEXT: Final = "text/plain; charset=utf-8"
# Jobs read these, and jobs read from S3.
_DATA_ROLES: Final = frozenset({AssetRole.TRAINING_DATA, AssetRole.TEST_DATA})
_UPLOAD_PATH: Final = ("content", "uploadId")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetSource:
    """The content that an asset will have.

    Attributes:
        s3_uri: Where it is in S3; None for text.
        text: The text.
        content_type: Its MIME type, as given or as S3 tells it.
        size_bytes: Its size, where that is known.
        fingerprint: The version of the object in S3, where that is known.
        upload_key: The key of the upload that it came by, which is to be taken.
    """

    s3_uri: str | None = None
    text: str | None = field(default=None, repr=False)
    content_type: str | None = None
    size_bytes: int | None = None
    fingerprint: str | None = None
    upload_key: str | None = None


def content_errors(input: PutAsset) -> Sequence[UserError]:
    """The faults of an input's content that show without reading it."""
    if (text := input.content.text) is not None:
        return [
            UserError(words, UserErrorCode.INVALID, ("content", "text")) for words in _text_errors(input.role, text)
        ]
    if (address := input.content.s3_uri) is not None:
        try:
            checked_s3_uri(address)
        except UserFaultError as error:
            return error.errors
    return ()


def _text_errors(role: AssetRole, text: str) -> Iterator[str]:
    if role in _DATA_ROLES:
        yield f"Jobs read {role.value} from S3; give it by s3Uri or uploadId."
    if not is_storable(text):
        yield "This holds a NUL; leave it out."
    if (size := len(text.encode())) > MAX_TEXT_BYTES:
        yield f"A text may have {MAX_TEXT_BYTES:,} bytes, not {size:,}; give a larger one by s3Uri or uploadId."


async def resolve_content(context: MutationContext, registration: Registration, input: PutAsset) -> AssetSource:
    """The content that an input without `content_errors` gives, which is there and can be read.

    Raises:
        UserFaultError: It is not, or is too large.
        aws.client.errors.AWSError: S3 turned calls away, or did not answer.
        auth.errors.AuthError: The group has no role to look with.
    """
    if (text := input.content.text) is not None:
        return _from_text(input, text)
    if (address := input.content.s3_uri) is not None:
        return await _from_s3(context, registration, input, address)
    return await _from_upload(context, registration, input)


def upload_not_found() -> UserFaultError:
    """Build the error of an upload that does not exist, is for another asset, or has expired."""
    words = (
        "There is no upload with this id for this registration, role and name; it may have expired or been taken. "
        "Ask createAssetUpload for another."
    )
    return user_fault(words, UserErrorCode.NOT_FOUND, *_UPLOAD_PATH)


def _from_text(input: PutAsset, text: str) -> AssetSource:
    return AssetSource(text=text, content_type=input.content_type or _PLAIN_TEXT, size_bytes=len(text.encode()))


async def _from_s3(context: MutationContext, registration: Registration, input: PutAsset, address: str) -> AssetSource:
    uri = checked_s3_uri(address)
    stored = await object_at(await reader_for(context, registration), uri)
    if stored is None:
        return AssetSource(s3_uri=uri, content_type=input.content_type)
    return AssetSource(
        s3_uri=uri,
        content_type=input.content_type or stored.content_type,
        size_bytes=stored.size_bytes,
        fingerprint=stored.fingerprint,
    )


async def _from_upload(context: MutationContext, registration: Registration, input: PutAsset) -> AssetSource:
    """The upload stays where it is until the asset is kept, so that whoever was too early can ask again."""
    services = context.request.services
    key, owner = key_of(input.content.upload_id or "", "AssetUpload"), key_of(registration.id, "Registration")
    if key is None or owner is None:
        raise upload_not_found()
    async with services.database.reading() as connection:
        upload = await uploads.find_unexpired(connection, key, owner, input.role, input.name, datetime.now(UTC))
    if upload is None:
        raise upload_not_found()
    hand = await context.write_access_for_owner(registration.group, registration.region)
    try:
        stored = await hand.writer.storage.head(upload.s3_uri)
    except NotFoundError:
        words = "Nothing has been uploaded yet; post the file with the form, then ask again."
        raise user_fault(words, UserErrorCode.NOT_FOUND, *_UPLOAD_PATH) from None
    except AccessDeniedError:
        words = f"AWS refuses {upload.s3_uri} to {hand.view.scope.role}; or nothing has been uploaded yet."
        raise user_fault(words, UserErrorCode.UNREADABLE, *_UPLOAD_PATH) from None
    most = services.settings.assets.max_upload_bytes
    if stored.size_bytes > most:
        words = f"An upload may have {most:,} bytes, not {stored.size_bytes:,} (`assets.maxUploadBytes`)."
        raise user_fault(words, UserErrorCode.INVALID, *_UPLOAD_PATH)
    return AssetSource(
        s3_uri=upload.s3_uri,
        content_type=input.content_type or stored.content_type or upload.content_type,
        size_bytes=stored.size_bytes,
        upload_key=key,
    )
