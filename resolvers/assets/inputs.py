"""Inputs and results of asset mutations."""

from dataclasses import dataclass, field
from datetime import datetime

from registry.enums import AssetRole
from resolvers.errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetContent:
    """The content of an asset, given in exactly one of three ways (`AssetContentInput`).

    Attributes:
        s3_uri: An address in S3 at which it is already.
        text: A small text that the gateway is to hold itself.
        upload_id: An upload that somebody was given, and has made.
    """

    s3_uri: str | None = None
    text: str | None = field(default=None, repr=False)
    upload_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAsset:
    """An asset to keep (`PutAssetInput`); without a content type it has the one that S3 tells of, or plain text's."""

    registration_id: str
    role: AssetRole
    name: str
    content: AssetContent
    content_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAssets:
    """Several assets to keep, all or none (`PutAssetsInput`); each names the same registration."""

    registration_id: str
    assets: tuple[PutAsset, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveAsset:
    """An asset to forget (`RemoveAssetInput`)."""

    registration_id: str
    role: AssetRole
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUpload:
    """An upload to hand out (`CreateAssetUploadInput`)."""

    registration_id: str
    role: AssetRole
    name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form; its value is as good as a key until the form expires."""

    name: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetUploadForm:
    """The means to upload one asset.

    Attributes:
        upload_id: What `putAsset` takes once the file is there.
        url: Where the form is posted to.
        fields: The form's fields, to be sent as they are, before the file, whose field is `file`.
        s3_uri: Where the file will be.
        expires_at: When S3 no longer takes the form.
        max_size_bytes: The largest file that S3 takes.
    """

    upload_id: str
    url: str
    fields: tuple[FormField, ...]
    s3_uri: str
    expires_at: datetime
    max_size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUploadResult:
    """The result of `createAssetUpload`."""

    upload: AssetUploadForm | None = None
    user_errors: tuple[UserError, ...] = ()
