"""Views: one group's reading of one scope, the only way from a request to resources."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar

from aws.client.errors import AWSError
from aws.inventory.reader import Reader
from aws.inventory.reader_protocol import ReaderProtocol
from aws.kinds.catalog import AnyResource
from aws.scopes import OpenScope
from resolvers.columns import Columns
from resolvers.node_ids import NodeId
from resolvers.services import Services
from resolvers.views.identity_map import IdentityMap


class ResourceView(Protocol):
    """Read access to resources as one group; batch functions take a view and nothing else."""

    @property
    def key(self) -> str:
        """The identity of the view within a request; lists of different views have different cursors."""

    @property
    def group(self) -> str | None:
        """The group that resources are read as; None for a caller without groups."""

    @property
    def account_id(self) -> str:
        """The account that is read."""

    @property
    def region(self) -> str:
        """The region that is read."""

    @property
    def sees_secrets(self) -> bool:
        """True if environment values and hyper-parameters may be shown."""

    @property
    def services(self) -> Services:
        """The services beside AWS."""

    @property
    def identity_map(self) -> IdentityMap:
        """The versions of resources that the request has shown."""

    @property
    def inventory(self) -> ReaderProtocol:
        """The reader of resources."""

    def view_of(self, resource: AnyResource) -> "ResourceView":
        """The view that a resource from this view's reader is shown through: this one, or that of a stored copy."""


Value = TypeVar("Value", covariant=True)
ResourceT = TypeVar("ResourceT", bound=AnyResource)


@dataclass(frozen=True, slots=True)
class Viewed(Generic[Value]):
    """A value beside the view that it is shown through.

    Values come from a scope's inventory, which several groups may share. Attributes that depend on the group (ids,
    registrations, metadata, secrets) are read off the view; the value's own attributes show through.

    Attributes:
        value: The value.
        view: The view.
    """

    value: Value
    view: ResourceView

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in {"value", "view"}:
            raise AttributeError(name)
        return getattr(self.value, name)

    @property
    def id(self: "Viewed[AnyResource]") -> str:
        """The opaque id of a resource as the view's group reads it."""
        resource = self.value
        return NodeId(resource.kind, self.view.group, resource.account_id, resource.region, resource.name).encode()

    @property
    def group(self) -> str | None:
        """The group that the value is read as."""
        return self.view.group


class ViewedList(Columns[Viewed[Value]]):
    """Values that are shown through one view.

    Args:
        values: The values.
        view: The view.
    """

    __slots__ = ("values", "view")
    item_class = Viewed

    def __init__(self, values: Sequence[Value], view: ResourceView) -> None:
        self.values = values
        self.view = view

    def __len__(self) -> int:
        return len(self.values)

    def column(self, name: str) -> Sequence[Any]:
        """The attribute of this name of each value, as it shows through the view."""
        return list(map(attrgetter(name), self))

    def item(self, index: int) -> Viewed[Value]:
        """The value at an index, beside the view."""
        return Viewed(self.values[index], self.view)


def viewed(view: ResourceView, resource: ResourceT) -> Viewed[ResourceT]:
    """A resource from the reader of a view, beside the view that it is shown through."""
    return Viewed(resource, view.view_of(resource))


def viewed_or_error(view: ResourceView, described: ResourceT | AWSError | None) -> Viewed[ResourceT] | AWSError | None:
    """A described resource beside its view; an error, and None for one that is gone, as they are."""
    return described if described is None or isinstance(described, AWSError) else viewed(view, described)


@dataclass(frozen=True, slots=True, eq=False)
class LiveView:
    """A group's view of an open scope; there is no other way to AWS.

    Attributes:
        scope: The opened scope.
        group: The group that resources are read as.
        sees_secrets: True if the caller may see environment values and hyper-parameters of this group.
        services: The services beside AWS.
        identity_map: The versions of resources that this request has shown.
    """

    scope: OpenScope
    group: str | None
    sees_secrets: bool
    services: Services
    identity_map: IdentityMap = field(default_factory=IdentityMap)

    @property
    def key(self) -> str:
        """The scope's key and the group."""
        return f"{self.scope.key} {self.group or ''}"

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
        """The scope's inventory, as new as this request needs it."""
        return self.scope.reader

    def view_of(self, resource: AnyResource) -> ResourceView:
        """This view; for a resource that is a stored copy, the view of its registration."""
        return self if resource.scope == self.scope.key else self.identity_map.stored_views[resource.scope]
