"""Asset mutations: inputs and payloads."""

from datetime import datetime

import strawberry

from registry.enums import AssetRole
from resolvers.assets.inputs import AssetContent, CreateUpload, PutAsset, PutAssets, RemoveAsset
from schema.fields import attribute
from schema.inputs import given_or_none, optional, required
from schema.payloads import MutationPayload
from schema.registrations.types import Registration
from schema.scalars import BigInt

_REGISTRATION_ID = "The id of the registration"
_ROLE = "The asset's role for the model"
_NAME = "The asset's name, unique per registration and role: 1 to 255 characters"


@strawberry.input(one_of=True, description="The content of an asset, in exactly one of three ways")
class AssetContentInput:
    """See resolvers.assets.inputs.AssetContent."""

    s3_uri: str | None = optional(
        "The S3 address of an object or a prefix; the role of the group must be allowed to read it",
        strawberry.UNSET,
    )
    text: str | None = optional(
        "A text of at most 65,536 bytes, which the gateway keeps itself; not for TRAINING_DATA and TEST_DATA",
        strawberry.UNSET,
    )
    upload_id: strawberry.ID | None = optional(
        ("The id from createAssetUpload for this asset, after the file was sent; it can be used once"),
        strawberry.UNSET,
    )

    def value(self) -> AssetContent:
        """The content."""
        upload_id = given_or_none(self.upload_id)
        return AssetContent(
            s3_uri=given_or_none(self.s3_uri),
            text=given_or_none(self.text),
            upload_id=None if upload_id is None else str(upload_id),
        )


@strawberry.input(description="The asset to keep with a registration")
class PutAssetInput:
    """See resolvers.assets.inputs.PutAsset."""

    registration_id: strawberry.ID = required(_REGISTRATION_ID)
    role: AssetRole = required(_ROLE)
    name: str = required(_NAME)
    content: AssetContentInput = required("The asset's content")
    content_type: str | None = optional(
        "The asset's MIME type; left out: that of the object in S3, or text/plain for a text"
    )

    def value(self) -> PutAsset:
        """The input's value."""
        return PutAsset(
            registration_id=str(self.registration_id),
            role=self.role,
            name=self.name,
            content=self.content.value(),
            content_type=self.content_type,
        )


@strawberry.input(description="An asset to keep")
class AssetInput:
    """See resolvers.assets.inputs.PutAsset."""

    role: AssetRole = required(_ROLE)
    name: str = required(_NAME)
    content: AssetContentInput = required("The asset's content")
    content_type: str | None = optional(
        "The asset's MIME type; left out: that of the object in S3, or text/plain for a text"
    )

    def value(self, registration_id: str) -> PutAsset:
        """The input's value, for a registration."""
        return PutAsset(
            registration_id=registration_id,
            role=self.role,
            name=self.name,
            content=self.content.value(),
            content_type=self.content_type,
        )


@strawberry.input(description="The assets to keep with a registration, all or none")
class PutAssetsInput:
    """See resolvers.assets.inputs.PutAssets."""

    registration_id: strawberry.ID = required(_REGISTRATION_ID)
    assets: list[AssetInput] = required("The assets, 1 to 100; each role and name once")

    def value(self) -> PutAssets:
        """The input's value."""
        registration_id = str(self.registration_id)
        return PutAssets(
            registration_id=registration_id, assets=tuple(asset.value(registration_id) for asset in self.assets)
        )


@strawberry.input(description="The asset to remove")
class RemoveAssetInput:
    """See resolvers.assets.inputs.RemoveAsset."""

    registration_id: strawberry.ID = required(_REGISTRATION_ID)
    role: AssetRole = required(_ROLE)
    name: str = required("The name of the asset")

    def value(self) -> RemoveAsset:
        """The input's value."""
        return RemoveAsset(registration_id=str(self.registration_id), role=self.role, name=self.name)


@strawberry.input(description="The asset that will be uploaded")
class CreateAssetUploadInput:
    """See resolvers.assets.inputs.CreateUpload."""

    registration_id: strawberry.ID = required(_REGISTRATION_ID)
    role: AssetRole = required(_ROLE)
    name: str = required(_NAME)
    content_type: str = required("The MIME type of the file; S3 accepts no other")

    def value(self) -> CreateUpload:
        """The input's value."""
        return CreateUpload(
            registration_id=str(self.registration_id), role=self.role, name=self.name, content_type=self.content_type
        )


@strawberry.type(description="The result of putAsset")
class PutAssetPayload(MutationPayload):
    """See resolvers.registrations.updates.RegistrationResult."""

    registration: Registration | None = attribute("The registration with the asset; null if nothing was kept")


@strawberry.type(description="The result of putAssets")
class PutAssetsPayload(MutationPayload):
    """See resolvers.registrations.updates.RegistrationResult."""

    registration: Registration | None = attribute("The registration with the assets; null if nothing was kept")


@strawberry.type(description="The result of removeAsset")
class RemoveAssetPayload(MutationPayload):
    """See resolvers.registrations.updates.RegistrationResult."""

    registration: Registration | None = attribute("The registration without the asset; null if nothing was removed")


@strawberry.type(description="A field of a form, to send unchanged")
class FormField:
    """See resolvers.assets.inputs.FormField."""

    name: str = attribute("The name of the field")
    value: str = attribute("The value of the field")


@strawberry.type(description="A form with which to send one file straight to S3, as multipart/form-data")
class AssetUpload:
    """See resolvers.assets.inputs.AssetUploadForm."""

    upload_id: strawberry.ID = attribute("The id for putAsset, after the file was sent")
    url: str = attribute("The address to post the form to")
    fields: list[FormField] = attribute(
        "The fields of the form; send them before the file, which is the last field and named `file`"
    )
    s3_uri: str = attribute("The file's address in S3")
    expires_at: datetime = attribute("The time after which S3 refuses the form")
    max_size_bytes: BigInt = attribute("The largest file that S3 accepts, in bytes")


@strawberry.type(description="The result of createAssetUpload")
class CreateAssetUploadPayload(MutationPayload):
    """See resolvers.assets.inputs.CreateUploadResult."""

    upload: AssetUpload | None = attribute("The upload; null if none was prepared")
