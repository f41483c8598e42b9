"""Asset content from text, S3 or an upload, checked before it is stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from aws.client.errors import AccessDeniedError, NotFoundError
from aws.s3_uris import split_s3_uri
from aws.storage import ObjectChangedError, StoredObject
from registry import uploads
from registry.enums import AssetRole
from registry.ids import key_of
from registry.records import AssetUpload, Registration
from registry.storable_text import is_storable
from resolvers.assets.inputs import PutAsset
from resolvers.assets.names import is_upload_key, taken_key
from resolvers.assets.s3_access import checked_s3_uri, object_at, reader_for
from resolvers.errors import UserError, UserErrorCode, UserFaultError, user_fault
from resolvers.mutations.context import GroupWriteAccess, MutationContext

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
        s3_uri: Its address in S3; None for text.
        text: The text that the gateway holds itself; None for an object in S3.
        content_type: Its MIME type: the caller's, or else the one that S3 tells.
        size_bytes: Its size; None if it is not known, as for a prefix.
        fingerprint: The version of the object in S3; None if it is not known.
        upload_key: The key of the upload that it came by, which becomes used with the asset; None without one.
    """

    s3_uri: str | None = None
    text: str | None = field(default=None, repr=False)
    content_type: str | None = None
    size_bytes: int | None = None
    fingerprint: str | None = None
    upload_key: str | None = None


def content_errors(input: PutAsset) -> Sequence[UserError]:
    """The faults of an input's content that can be seen without reading it."""
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
        "There is no upload with this id for this registration, role and name; it may have expired or been used. "
        "Ask createAssetUpload for another."
    )
    return user_fault(words, UserErrorCode.NOT_FOUND, *_UPLOAD_PATH)


def _from_text(input: PutAsset, text: str) -> AssetSource:
    return AssetSource(text=text, content_type=input.content_type or _PLAIN_TEXT, size_bytes=len(text.encode()))


async def _from_s3(context: MutationContext, registration: Registration, input: PutAsset, address: str) -> AssetSource:
    uri = checked_s3_uri(address)
    _refuse_place_of_uploads(context, registration, uri)
    stored = await object_at(await reader_for(context, registration), uri)
    if stored is None:
        return AssetSource(s3_uri=uri, content_type=input.content_type)
    return AssetSource(
        s3_uri=uri,
        content_type=input.content_type or stored.content_type,
        size_bytes=stored.size_bytes,
        fingerprint=stored.fingerprint,
    )


def _refuse_place_of_uploads(context: MutationContext, registration: Registration, uri: str) -> None:
    """Raise UserFaultError for an address that forms write: objects there can be overwritten, and expire."""
    bucket, key = split_s3_uri(uri)
    if bucket == context.request.services.settings.assets.bucket and is_upload_key(key, registration.account_id):
        words = "An upload can still change this address. Give its `uploadId` instead; the gateway then keeps a copy."
        raise user_fault(words, UserErrorCode.INVALID, "content", "s3Uri")


async def _from_upload(context: MutationContext, registration: Registration, input: PutAsset) -> AssetSource:
    """Copy an upload to a key that no form can write; the upload stays, so that the call can be repeated."""
    key, upload = await _require_upload(context, registration, input)
    access = await context.write_access_for_owner(registration.group, registration.region)
    stored = await _uploaded(access, upload)
    most = context.request.services.settings.assets.max_upload_bytes
    if stored.size_bytes > most:
        words = f"An upload may have {most:,} bytes, not {stored.size_bytes:,} (`assets.maxUploadBytes`)."
        raise user_fault(words, UserErrorCode.INVALID, *_UPLOAD_PATH)
    taken = await _take(access, registration, key, stored, input.name)
    return AssetSource(
        s3_uri=taken.s3_uri,
        content_type=input.content_type or stored.content_type or upload.content_type,
        size_bytes=taken.size_bytes,
        fingerprint=taken.fingerprint,
        upload_key=key,
    )


async def _require_upload(
    context: MutationContext, registration: Registration, input: PutAsset
) -> tuple[str, AssetUpload]:
    """The upload and its key. Raises UserFaultError for one that is not for this asset, or has expired."""
    key, owner = key_of(input.content.upload_id or "", "AssetUpload"), key_of(registration.id, "Registration")
    if key is None or owner is None:
        raise upload_not_found()
    async with context.request.services.database.reading() as connection:
        upload = await uploads.find_unexpired(connection, key, owner, input.role, input.name, datetime.now(UTC))
    if upload is None:
        raise upload_not_found()
    return key, upload


async def _uploaded(access: GroupWriteAccess, upload: AssetUpload) -> StoredObject:
    """The object that was sent with an upload's form. Raises UserFaultError if the role sees none."""
    try:
        return await access.writer.storage.head(upload.s3_uri)
    except NotFoundError:
        raise _nothing_uploaded() from None
    except AccessDeniedError:
        words = f"AWS refuses {upload.s3_uri} to {access.view.scope.role}, or the file was not sent yet."
        raise user_fault(words, UserErrorCode.UNREADABLE, *_UPLOAD_PATH) from None


async def _take(
    access: GroupWriteAccess, registration: Registration, key: str, stored: StoredObject, name: str
) -> StoredObject:
    """Copy the object that was looked at out of the reach of its form.

    Raises:
        UserFaultError: It was overwritten or deleted meanwhile.
        AWSError: It was not copied, or S3 did not say.
    """
    bucket, _ = split_s3_uri(stored.s3_uri)
    owner, account = str(key_of(registration.id, "Registration")), access.view.scope.account_id
    place = taken_key(account, registration.group, owner, key, stored.etag or "", name)
    try:
        return await access.writer.storage.copy(stored, f"s3://{bucket}/{place}")
    except NotFoundError:
        raise _nothing_uploaded() from None
    except ObjectChangedError:
        words = "The file was sent again while it was being copied. Send this mutation again."
        raise user_fault(words, UserErrorCode.CONFLICT, *_UPLOAD_PATH) from None


def _nothing_uploaded() -> UserFaultError:
    words = "The file was not sent yet; post it with the form, then send this mutation again."
    return user_fault(words, UserErrorCode.NOT_FOUND, *_UPLOAD_PATH)
