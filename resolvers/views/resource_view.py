"""Views: the only way from a request to resources, with a live scope behind it."""

from dataclasses import dataclass, field
from typing import Protocol

from aws.inventory.reader import Reader
from aws.inventory.reader_protocol import ReaderProtocol
from aws.scopes import OpenScope
from resolvers.services import Services
from resolvers.views.identity_map import IdentityMap


class ResourceView(Protocol):
    """Whoever has one may read through it; batch functions take nothing else."""

    @property
    def key(self) -> str:
        """What a resource that is read through it carries as its `scope`."""

    @property
    def group(self) -> str | None:
        """The group that it was first opened for."""

    @property
    def account_id(self) -> str:
        """The account that is looked at."""

    @property
    def region(self) -> str:
        """The region that is looked at."""

    @property
    def sees_secrets(self) -> bool:
        """Whether environment values and hyper-parameters may be shown."""

    @property
    def services(self) -> Services:
        """What there is beside AWS."""

    @property
    def inventory(self) -> ReaderProtocol:
        """What answers."""


@dataclass(slots=True, eq=False)
class LiveView:
    """A scope as this request may see it. Whoever has a view may read through it; there is no other way to AWS.

    Attributes:
        scope: The opened scope.
        group: The group that it was first opened for.
        sees_secrets: Whether the caller's group may see environment values and hyper-parameters.
        services: What there is beside AWS.
        identity_map: As what resources have been shown in this request.
    """

    scope: OpenScope
    group: str | None
    sees_secrets: bool
    services: Services
    identity_map: IdentityMap = field(default_factory=IdentityMap)

    @property
    def key(self) -> str:
        """The scope's key."""
        return self.scope.key

    @property
    def account_id(self) -> str:
        """The scope's account."""
        return self.scope.account_id

    @property
    def region(self) -> str:
        """The scope's region."""
        return self.scope.region

    @property
    def inventory(self) -> Reader:
        """What the scope knows, as new as this request needs it."""
        return self.scope.reader
