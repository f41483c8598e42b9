"""What mutations of assets take."""

from typing import Any

import strawberry

from resolvers.asset_payloads import AssetContent, CreateUpload, PutAsset, RemoveAsset
from schema.input_fields import optional, required
from schema.registry_enums import AssetRole

_REGISTRATION_ID = "The registration's id"
_ROLE = "What the asset is to the model"
_NAME = "The asset's name, unique per registration and role: 1 to 255 characters"


@strawberry.input(one_of=True, description="What an asset holds, in just one of these ways")
class AssetContentInput:
    """See resolvers.asset_payloads.AssetContent."""

    s3_uri: str | None = optional(
        "An address in S3, of an object or of all that begins so; the group's role must be able to read it",
        strawberry.UNSET,
    )
    text: str | None = optional(
        "A text of 65,536 bytes at most, which the gateway keeps itself; not for TRAINING_DATA and TEST_DATA",
        strawberry.UNSET,
    )
    upload_id: strawberry.ID | None = optional(
        "An upload of createAssetUpload for this very asset, once the file has been sent; it can be taken once",
        strawberry.UNSET,
    )

    def value(self) -> AssetContent:
        """The content."""
        upload_id = _or_none(self.upload_id)
        return AssetContent(
            s3_uri=_or_none(self.s3_uri),
            text=_or_none(self.text),
            upload_id=None if upload_id is None else str(upload_id),
        )


@strawberry.input(description="Which asset to keep")
class PutAssetInput:
    """See resolvers.asset_payloads.PutAsset."""

    registration_id: strawberry.ID = required(_REGISTRATION_ID)
    role: AssetRole = required(_ROLE)
    name: str = required(_NAME)
    content: AssetContentInput = required("What it holds")
    content_type: str | None = optional("Its MIME type; left out: as S3 tells it, and plain text for a text")

    def value(self) -> PutAsset:
        """The input's value."""
        return PutAsset(
            registration_id=str(self.registration_id),
            role=self.role,
            name=self.name,
            content=self.content.value(),
            content_type=self.content_type,
        )


@strawberry.input(description="Which asset to forget")
class RemoveAssetInput:
    """See resolvers.asset_payloads.RemoveAsset."""

    registration_id: strawberry.ID = required(_REGISTRATION_ID)
    role: AssetRole = required(_ROLE)
    name: str = required("The asset's name")

    def value(self) -> RemoveAsset:
        """The input's value."""
        return RemoveAsset(registration_id=str(self.registration_id), role=self.role, name=self.name)


@strawberry.input(description="For which asset to hand out an upload")
class CreateAssetUploadInput:
    """See resolvers.asset_payloads.CreateUpload."""

    registration_id: strawberry.ID = required(_REGISTRATION_ID)
    role: AssetRole = required(_ROLE)
    name: str = required(_NAME)
    content_type: str = required("The file's MIME type, which S3 will insist on")

    def value(self) -> CreateUpload:
        """The input's value."""
        return CreateUpload(
            registration_id=str(self.registration_id), role=self.role, name=self.name, content_type=self.content_type
        )


def _or_none(field: Any) -> Any:
    return None if field is strawberry.UNSET else field
