"""Where what is shown was read, as seen from one request."""

from enum import Enum

from aws.resources import AnyResource
from resolvers.request import Request
from resolvers.stored_views import StoredView


class Source(Enum):
    """Where a resource was read."""

    LIVE = "Live"
    CACHE = "Cache"
    REGISTRY = "Registry"


def source_of(request: Request, resource: AnyResource) -> Source:
    """LIVE for what AWS was asked during this request, CACHE for what was known before, REGISTRY for a stored copy."""
    if is_stored_copy(request, resource):
        return Source.REGISTRY
    return Source.LIVE if resource.as_of >= request.started else Source.CACHE


def is_stored_copy(request: Request, resource: AnyResource) -> bool:
    """Whether it is shown as an import has kept it."""
    return isinstance(request.view_of(resource.scope), StoredView)
