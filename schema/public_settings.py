"""What a front end must know of this gateway to draw itself."""

import strawberry

from resolvers import public_settings
from schema.fields import attribute, backed_by
from schema.registry_enums import ApprovalKind, AssetRole
from schema.scalars import BigInt


@backed_by(public_settings.PublicSettings)
@strawberry.type(description="What a front end must know of this gateway's settings to draw itself")
class PublicSettings:
    """See resolvers.public_settings.PublicSettings."""

    enter_credentials: bool = attribute(
        "True where an import may bring credentials for its one request, from callers who may ENTER_CREDENTIALS"
    )
    approval: ApprovalKind = attribute("Who is asked to approve deployments")
    required_assets: list[AssetRole] = attribute("The assets that a deployment asks for")
    create_default_snapshot: bool = attribute(
        "True where an import makes a snapshot for a model that has none, unless it says otherwise"
    )
    max_upload_bytes: BigInt = attribute("The largest upload of an asset, in bytes")
