"""Where what is shown was read, as seen from one request."""

from enum import Enum

from aws.resources import AnyResource
from resolvers.request import Request


class Source(Enum):
    """Where a resource was read."""

    LIVE = "Live"
    CACHE = "Cache"
    REGISTRY = "Registry"


def source(request: Request, resource: AnyResource) -> Source:
    """LIVE for what AWS was asked during this request, CACHE for what was known before."""
    return Source.LIVE if resource.as_of >= request.started else Source.CACHE
