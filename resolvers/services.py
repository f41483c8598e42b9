"""Services that every request shares beside AWS: public settings, the registry, durable work."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from aws.scopes import OpenScope
from registry.database import Database
from registry.enums import AssetRole
from resolvers.entered_credentials import EnteredCredentials
from resolvers.job_link_cache import JobLinkCache
from workflows.approvals.backend import ApprovalKind
from workflows.deployments.lifecycle import Lifecycle
from workflows.imports.plan import ImportPlanner
from workflows.imports.runner import ImportRunner


class EnterCredentialsConfig(Protocol):
    """`enterCredentials` in the settings."""

    @property
    def enabled(self) -> bool:
        """True if an import may bring credentials for its one request."""


class ImportConfig(Protocol):
    """`imports` in the settings: the defaults of an import."""

    @property
    def create_default_snapshot(self) -> bool:
        """True if an import makes a snapshot for a model that has none."""

    @property
    def start_deployments(self) -> bool:
        """True if an import starts deployments."""


class AssetConfig(Protocol):
    """`assets` in the settings."""

    @property
    def bucket(self) -> str | None:
        """The bucket for uploads; None if there are none."""

    @property
    def max_upload_bytes(self) -> int:
        """The largest upload, in bytes."""


class PriceTable(Protocol):
    """`prices` in the settings: the price of an hour of an instance."""

    @property
    def currency(self) -> str:
        """The currency, such as USD."""

    @property
    def by_instance_type(self) -> Mapping[str, float]:
        """The price of an hour by type."""


class ApprovalConfig(Protocol):
    """`deployments` in the settings, as far as requests ask for it."""

    @property
    def approval(self) -> ApprovalKind:
        """The system that approves deployments."""

    @property
    def required_assets(self) -> tuple[AssetRole, ...]:
        """The roles of assets that a deployment waits for."""


class SagemakerConfig(Protocol):
    """`sagemaker` in the settings, as far as requests ask for it."""

    @property
    def scopes_per_query(self) -> int:
        """The most groups and regions that one list may ask."""


class SharedSettings(Protocol):
    """The settings that requests ask for."""

    @property
    def sagemaker(self) -> SagemakerConfig:
        """Lists over several groups and regions."""

    @property
    def version(self) -> str:
        """The gateway's version."""

    @property
    def enter_credentials(self) -> EnterCredentialsConfig:
        """Credentials that come with an import."""

    @property
    def imports(self) -> ImportConfig:
        """The defaults of an import."""

    @property
    def assets(self) -> AssetConfig:
        """Uploads of assets."""

    @property
    def prices(self) -> PriceTable:
        """The price table."""

    @property
    def deployments(self) -> ApprovalConfig:
        """Approval and assets of deployments."""


class DurableWorkStarter(Protocol):
    """Starts durable work; see workflows.durable.engine.Engine."""

    @property
    def lease(self) -> str:
        """The name of the lease that this process has for as long as it lives."""

    async def start(self, name: str, work_id: str, *arguments: object) -> None:
        """Start the work of this name with the arguments; nothing happens if there is work under this id already."""


OpenEnteredScope = Callable[[EnteredCredentials, str], AbstractAsyncContextManager[OpenScope]]
"""Opens a scope of its own for credentials that somebody has entered, in a region; nothing of it outlives the block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The services that all requests of a process share.

    Attributes:
        settings: The settings that requests ask for.
        database: The registry.
        engine: Starts durable work.
        importing: Runs imports.
        lifecycle: Takes deployments through their phases.
        planning: Plans imports.
        open_entered: Opens scopes for entered credentials.
        job_links: The links of groups between models and jobs, as they were read last.
    """

    settings: SharedSettings
    database: Database
    engine: DurableWorkStarter
    importing: ImportRunner
    lifecycle: Lifecycle
    planning: ImportPlanner
    open_entered: OpenEnteredScope
    job_links: JobLinkCache

    @property
    def required_assets(self) -> tuple[AssetRole, ...]:
        """The roles of assets that a deployment waits for."""
        return self.settings.deployments.required_assets
