"""Inputs and results of asset mutations."""

from dataclasses import dataclass, field
from datetime import datetime

from registry.enums import AssetRole
from resolvers.errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetContent:
    """The content of an asset, given in exactly one of three ways (`AssetContentInput`).

    Attributes:
        s3_uri: The address of an object or a prefix that is in S3 already.
        text: A small text, which the gateway holds itself.
        upload_id: The id of an upload that was made with a form of `createAssetUpload`.
    """

    s3_uri: str | None = None
    text: str | None = field(default=None, repr=False)
    upload_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAsset:
    """An asset to keep (`PutAssetInput`).

    Attributes:
        registration_id: The id of the registration that gets it.
        role: Its use, such as training data or a card.
        name: Its name, unique within the role.
        content: Its content, in one of three ways.
        content_type: Its MIME type; None takes the one that S3 tells, or that of plain text.
    """

    registration_id: str
    role: AssetRole
    name: str
    content: AssetContent
    content_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAssets:
    """Several assets to keep, all or none (`PutAssetsInput`); each names the same registration.

    Attributes:
        registration_id: The id of the registration that gets them, and that each entry repeats.
        assets: The assets to keep, 1 to `MAX_ASSETS`.
    """

    registration_id: str
    assets: tuple[PutAsset, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveAsset:
    """An asset to forget (`RemoveAssetInput`).

    Attributes:
        registration_id: The id of the registration that has it.
        role: Its use.
        name: Its name within the role.
    """

    registration_id: str
    role: AssetRole
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUpload:
    """An upload to hand out (`CreateAssetUploadInput`).

    Attributes:
        registration_id: The id of the registration that is to have the asset.
        role: The asset's use.
        name: The asset's name; a sanitized form of it ends the key in S3.
        content_type: The MIME type that the form fixes for the object.
    """

    registration_id: str
    role: AssetRole
    name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form; its value is as good as a key until the form expires.

    Attributes:
        name: The field's name in the form.
        value: Its value, kept out of representations.
    """

    name: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetUploadForm:
    """The means to upload one asset.

    Attributes:
        upload_id: The id that `putAsset` takes once the file is there.
        url: The address to post the form to.
        fields: The form's fields, to be sent as they are, before the file, whose field is `file`.
        s3_uri: The address that the file will have.
        expires_at: The moment from which S3 refuses the form.
        max_size_bytes: The size of the largest file that S3 takes.
    """

    upload_id: str
    url: str
    fields: tuple[FormField, ...]
    s3_uri: str
    expires_at: datetime
    max_size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUploadResult:
    """The result of `createAssetUpload`.

    Attributes:
        upload: The form; None if the input is at fault.
        user_errors: The faults of the input.
    """

    upload: AssetUploadForm | None = None
    user_errors: tuple[UserError, ...] = ()
