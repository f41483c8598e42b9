"""Services that every request shares beside AWS: public settings, the registry, durable work."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from aws.scopes import OpenScope
from registry.database import Database
from registry.enums import AssetRole
from resolvers.entered_credentials import EnteredCredentials
from workflows.deployments.lifecycle import Lifecycle
from workflows.imports.plan import ImportPlanner
from workflows.imports.runner import ImportRunner


class ApprovalKind(Enum):
    """The systems that approve deployments; the values are the settings' words."""

    BUILTIN = "builtin"
    JIRA = "jira"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSettings:
    """The settings that a front end needs.

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


class DurableWorkStarter(Protocol):
    """Starts durable work; see workflows.durable.engine.Engine."""

    @property
    def lease(self) -> str:
        """The name of the lease that this process has for as long as it lives."""

    async def start(self, name: str, work_id: str, *arguments: object) -> None:
        """Starts the work of this name; where there is some under this id already, nothing happens."""


OpenEnteredScope = Callable[[EnteredCredentials, str], AbstractAsyncContextManager[OpenScope]]
"""Opens a scope of its own for credentials that somebody has entered, in a region; nothing of it outlives the block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The services that all requests of a process share.

    Attributes:
        public_settings: The part of the settings that anyone may see.
        start_deployments: Whether an import starts deployments, where it does not say.
        assets_bucket: The bucket for uploads of assets; None means that there are none.
        database: The registry.
        engine: Starts durable work.
        importing: Does imports.
        lifecycle: Takes deployments through their phases.
        planning: Plans them.
        open_entered: Opens scopes for entered credentials.
    """

    public_settings: PublicSettings
    start_deployments: bool
    assets_bucket: str | None
    database: Database
    engine: DurableWorkStarter
    importing: ImportRunner
    lifecycle: Lifecycle
    planning: ImportPlanner
    open_entered: OpenEnteredScope

    @property
    def required_assets(self) -> tuple[AssetRole, ...]:
        """The roles of assets that a deployment asks for."""
        return self.public_settings.required_assets
