"""Assets and asset requirements."""

from datetime import datetime

import strawberry

from registry import records
from schema.fields import attribute, backed_by
from schema.interfaces import Node
from schema.registry_enums import AssetRole
from schema.scalars import BigInt


@backed_by(records.Asset)
@strawberry.type(description="A file or text that is kept with a registered model")
class Asset(Node):
    """See registry.records.Asset."""

    role: AssetRole = attribute("What it is to the model")
    name: str = attribute("Its name, unique per registration and role")
    s3_uri: str | None = attribute("Where it is in S3; null for text that the gateway holds itself")
    content: str | None = attribute("The text, where the gateway holds it itself")
    content_type: str | None = attribute("Its MIME type")
    size_bytes: BigInt | None = attribute("Its size in bytes")
    added_by: str = attribute("Who added it")
    added_at: datetime = attribute("When it was added")
    fingerprint: str | None = attribute(
        "A digest of the text, or the version or ETag that the object in S3 had when it was added; null if unknown"
    )


@backed_by(records.AssetRequirement)
@strawberry.type(description="An asset that a deployment asks for")
class AssetRequirement:
    """See registry.records.AssetRequirement."""

    role: AssetRole = attribute("What the asset is to the model")
    present: bool = attribute("True where the registration has such an asset")
