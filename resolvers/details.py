"""Details of the resources of a level: those that are not at hand are read at once."""

import asyncio
from collections.abc import Sequence
from typing import Any

from resolvers.lookups import with_detail
from resolvers.request import Request
from resolvers.views.resource_view import Viewed


async def details_of(request: Request, resources: Sequence[Viewed[Any]]) -> Sequence[Any]:
    """The detail of each of the resources; None if it is gone, an exception if it could not be read."""
    missing = [resource for resource in resources if resource.detail is None]
    loads = (request.batcher.load(with_detail, resource.view, resource.value) for resource in missing)
    result = iter(await asyncio.gather(*loads, return_exceptions=True))
    return [resource.detail if resource.detail is not None else _detail(next(result)) for resource in resources]


def _detail(described: Any) -> Any:
    return described if described is None or isinstance(described, Exception) else described.detail
