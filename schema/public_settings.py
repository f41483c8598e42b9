"""What a front end must know of this gateway to draw itself."""

import strawberry

from resolvers import public_settings
from schema.fields import shown, shows
from schema.registry_enums import ApprovalKind, AssetRole
from schema.scalars import BigInt


@shows(public_settings.PublicSettings)
@strawberry.type(description="What a front end must know of this gateway's settings to draw itself")
class PublicSettings:
    """See resolvers.public_settings.PublicSettings."""

    enter_credentials: bool = shown(
        "True where an import may bring credentials for its one request, from callers who may ENTER_CREDENTIALS"
    )
    approval: ApprovalKind = shown("Who is asked to approve deployments")
    required_assets: list[AssetRole] = shown("The assets that a deployment asks for")
    create_default_snapshot: bool = shown(
        "True where an import makes a snapshot for a model that has none, unless it says otherwise"
    )
    max_upload_bytes: BigInt = shown("The largest upload of an asset, in bytes")
