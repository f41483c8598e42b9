"""Assets: what is kept with a registered model, and what a deployment asks for."""

from datetime import datetime

import strawberry

from registry import records
from schema.fields import shown, shows
from schema.interfaces import Node
from schema.registry_enums import AssetRole
from schema.scalars import BigInt


@shows(records.Asset)
@strawberry.type(description="A file or text that is kept with a registered model")
class Asset(Node):
    """See registry.records.Asset."""

    role: AssetRole = shown("What it is to the model")
    name: str = shown("Its name, unique per registration and role")
    s3_uri: str | None = shown("Where it is in S3; null for text that the gateway holds itself")
    content: str | None = shown("The text, where the gateway holds it itself")
    content_type: str | None = shown("Its MIME type")
    size_bytes: BigInt | None = shown("Its size in bytes")
    added_by: str = shown("Who added it")
    added_at: datetime = shown("When it was added")


@shows(records.AssetRequirement)
@strawberry.type(description="An asset that a deployment asks for")
class AssetRequirement:
    """See registry.records.AssetRequirement."""

    role: AssetRole = shown("What the asset is to the model")
    present: bool = shown("True where the registration has such an asset")
