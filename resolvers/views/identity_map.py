"""Identity map: within one response, an id is always rendered from the first version returned."""

from datetime import datetime

from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind


class IdentityMap:
    """As what each resource that can be read in more than one way is shown in one request: as it was shown first.

    A row of a listing, a description and a stored copy tell different things of one id, and one response may come to it
    by several ways; all of them look here before they choose.
    """

    def __init__(self) -> None:
        self._shown: dict[tuple[str, Kind, str, datetime | None], AnyResource] = {}

    def stored_copy(self, owner: str, kind: Kind, name: str, created_at: datetime | None) -> AnyResource | None:
        """The stored copy that has been shown of it, if one has. What is made again under its name is another thing."""
        found = self._shown.get((owner, kind, name, created_at))
        return None if found is None or found.scope == owner else found

    def first_shown(self, owner: str, resource: AnyResource, created_at: datetime | None) -> AnyResource:
        """What is to be shown of it: this, unless something has been shown before.

        Args:
            owner: Through whose eyes it is seen, such as a scope's key.
            resource: What would be shown now.
            created_at: When the resource was created.
        """
        return self._shown.setdefault((owner, resource.kind, resource.name, created_at), resource)
