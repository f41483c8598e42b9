"""Identity map: within one response, an id is always rendered from the first version returned."""

from datetime import datetime
from typing import TYPE_CHECKING

from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind

if TYPE_CHECKING:
    from resolvers.views.resource_view import ResourceView


class IdentityMap:
    """The version of each resource that a response has shown first, and the views of stored copies.

    A row of a listing, a description and a stored copy differ for one id, and one response may reach it by several
    ways; each of them looks here before it chooses.

    Attributes:
        stored_views: The view of each registration that stored copies were read through, by the registration's id.
        shows_secrets: True once the response holds a value that takes SEE_SECRETS.
    """

    def __init__(self) -> None:
        self.stored_views: dict[str, ResourceView] = {}
        self.shows_secrets = False
        self._shown: dict[tuple[str, Kind, str, datetime | None], AnyResource] = {}

    def stored_copy(self, view_key: str, kind: Kind, name: str, created_at: datetime | None) -> AnyResource | None:
        """The stored copy that was shown of it, if one was. A resource made again under its name is another one."""
        shown = self._shown.get((view_key, kind, name, created_at))
        return None if shown is None or shown.scope not in self.stored_views else shown

    def first_shown(self, view_key: str, resource: AnyResource, created_at: datetime | None) -> AnyResource:
        """The version to show: this one, unless another was shown before.

        Args:
            view_key: The key of the view that shows it: two groups' readings of a resource have two ids.
            resource: The version at hand.
            created_at: When the resource was created; None if that is not known.
        """
        return self._shown.setdefault((view_key, resource.kind, resource.name, created_at), resource)
