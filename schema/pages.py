"""Pages of what the registry keeps, whose lists are always whole."""

from typing import Any

import strawberry

from resolvers.batching import BatchFunction
from schema.connections import PageInfo
from schema.fields import After, First, Info, attribute, page_arguments

CURSOR_DESCRIPTION = "The place in the list; it holds for this list alone"
EDGES_DESCRIPTION = "The page, with a cursor for each node"
NODES_DESCRIPTION = "The page"


@strawberry.type
class RegistryConnection:
    """What every page of the registry's records shows beside them."""

    page_info: PageInfo = attribute("Where the page stands in the list")
    total_count: int | None = attribute("How many there are in all")


def registry_connection(function: BatchFunction, description: str) -> Any:
    """A connection over the registry's records that a batch function answers for all parents of a level."""

    def resolve(root: Any, info: Info, first: First = 10, after: After = None) -> Any:
        request = info.context
        page = page_arguments(request, first, after, 10)
        return request.batcher.load(function, request, root, page)

    return strawberry.field(resolver=resolve, description=description, metadata={"batch": function})
