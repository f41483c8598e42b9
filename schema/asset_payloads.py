"""What mutations of assets answer with."""

from datetime import datetime

import strawberry

from resolvers import asset_payloads, registrations
from schema.fields import attribute, backed_by
from schema.registrations import Registration
from schema.scalars import BigInt
from schema.user_errors import MutationPayload


@backed_by(registrations.RegistrationResult)
@strawberry.type(description="What came of keeping an asset")
class PutAssetPayload(MutationPayload):
    """See resolvers.registrations.RegistrationPayload."""

    registration: Registration | None = attribute("The registration with the asset; null where it was not kept")


@backed_by(registrations.RegistrationResult)
@strawberry.type(description="What came of forgetting an asset")
class RemoveAssetPayload(MutationPayload):
    """See resolvers.registrations.RegistrationPayload."""

    registration: Registration | None = attribute("The registration without the asset; null where it was not forgotten")


@backed_by(asset_payloads.FormField)
@strawberry.type(description="A field of a form, to be sent as it is")
class FormField:
    """See resolvers.asset_payloads.FormField."""

    name: str = attribute("The field's name")
    value: str = attribute("The field's value")


@backed_by(asset_payloads.AssetUploadForm)
@strawberry.type(description="The means to send one file straight to S3, as multipart/form-data")
class AssetUpload:
    """See resolvers.asset_payloads.HandedUpload."""

    upload_id: strawberry.ID = attribute("What putAsset takes once the file has been sent")
    url: str = attribute("Where the form is posted to")
    fields: list[FormField] = attribute("The form's fields, all before the file, whose own field is called file")
    s3_uri: str = attribute("Where the file will be")
    expires_at: datetime = attribute("When S3 no longer takes the form")
    max_size_bytes: BigInt = attribute("The largest file that S3 takes, in bytes")


@backed_by(asset_payloads.CreateUploadResult)
@strawberry.type(description="What came of asking for an upload")
class CreateAssetUploadPayload(MutationPayload):
    """See resolvers.asset_payloads.UploadPayload."""

    upload: AssetUpload | None = attribute("The upload; null where none was handed out")
