"""Assets and asset requirements."""

from datetime import datetime

import strawberry

from registry import records
from registry.enums import AssetRole
from schema.enums import register_enum
from schema.fields import attribute, represents
from schema.interfaces import Node
from schema.scalars import BigInt

register_enum(
    AssetRole,
    "AssetRole",
    "The role of an asset for its model",
    {
        "DOCUMENTATION": "Documents about the model",
        "SCHEMA": "The form of the model's inputs and outputs",
        "TRAINING_DATA": "The data that the model was trained with",
        "TEST_RESULT_COMPARATOR": "The expected output of a rehearsal",
        "TEST_DATA": "The data that a rehearsal feeds to the model",
        "OTHER": "Anything else",
    },
)


@represents(records.Asset)
@strawberry.type(description="A file or text that is kept with a registered model")
class Asset(Node):
    """See registry.records.Asset."""

    role: AssetRole = attribute("The asset's role for the model")
    name: str = attribute("The asset's name, unique per registration and role")
    s3_uri: str | None = attribute("The asset's address in S3; null for a text that the gateway keeps itself")
    content: str | None = attribute("The text of the asset; null for one in S3")
    content_type: str | None = attribute("The asset's MIME type; null if unknown")
    size_bytes: BigInt | None = attribute("The asset's size in bytes; null if unknown")
    added_by: str = attribute("The caller who added the asset")
    added_at: datetime = attribute("The time at which the asset was added")
    fingerprint: str | None = attribute(
        "A digest of the text, or the version or ETag of the object in S3 at the time it was added; null if unknown"
    )


@strawberry.type(description="An asset that a deployment requires")
class AssetRequirement:
    """See registry.records.AssetRequirement."""

    role: AssetRole = attribute("The asset's role for the model")
    present: bool = attribute("True if the registration has such an asset")
