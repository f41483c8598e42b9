"""What mutations of assets answer with."""

from datetime import datetime

import strawberry

from resolvers import asset_payloads, registrations
from schema.fields import shown, shows
from schema.registrations import Registration
from schema.scalars import BigInt
from schema.user_errors import Answer


@shows(registrations.RegistrationPayload)
@strawberry.type(description="What came of keeping an asset")
class PutAssetPayload(Answer):
    """See resolvers.registrations.RegistrationPayload."""

    registration: Registration | None = shown("The registration with the asset; null where it was not kept")


@shows(registrations.RegistrationPayload)
@strawberry.type(description="What came of forgetting an asset")
class RemoveAssetPayload(Answer):
    """See resolvers.registrations.RegistrationPayload."""

    registration: Registration | None = shown("The registration without the asset; null where it was not forgotten")


@shows(asset_payloads.FormField)
@strawberry.type(description="A field of a form, to be sent as it is")
class FormField:
    """See resolvers.asset_payloads.FormField."""

    name: str = shown("The field's name")
    value: str = shown("The field's value")


@shows(asset_payloads.HandedUpload)
@strawberry.type(description="The means to send one file straight to S3, as multipart/form-data")
class AssetUpload:
    """See resolvers.asset_payloads.HandedUpload."""

    upload_id: strawberry.ID = shown("What putAsset takes once the file has been sent")
    url: str = shown("Where the form is posted to")
    fields: list[FormField] = shown("The form's fields, all before the file, whose own field is called file")
    s3_uri: str = shown("Where the file will be")
    expires_at: datetime = shown("When S3 no longer takes the form")
    max_size_bytes: BigInt = shown("The largest file that S3 takes, in bytes")


@shows(asset_payloads.UploadPayload)
@strawberry.type(description="What came of asking for an upload")
class CreateAssetUploadPayload(Answer):
    """See resolvers.asset_payloads.UploadPayload."""

    upload: AssetUpload | None = shown("The upload; null where none was handed out")
