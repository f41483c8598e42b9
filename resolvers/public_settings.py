"""The part of the settings that anyone may see, because a front end draws itself by it."""

from dataclasses import dataclass
from enum import Enum

from registry.words import AssetRole


class ApprovalKind(Enum):
    """Who is asked to approve deployments; the values are the settings' words."""

    BUILTIN = "builtin"
    JIRA = "jira"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSettings:
    """What a front end must know of the settings.

    Attributes:
        enter_credentials: Whether an import may bring credentials for its one request.
        approval: Who is asked to approve deployments.
        required_assets: What a deployment asks for.
        create_default_snapshot: Whether an import makes a snapshot for a model that has none.
        max_upload_bytes: The largest upload of an asset, in bytes.
    """

    enter_credentials: bool
    approval: ApprovalKind
    required_assets: tuple[AssetRole, ...]
    create_default_snapshot: bool
    max_upload_bytes: int
