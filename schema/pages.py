"""Pages of what the registry keeps, whose lists are always whole."""

from typing import Any

import strawberry

from resolvers.deployments import nothing_yet
from schema.connections import PageInfo
from schema.fields import After, First, Info, page_arguments, shown

CURSOR = "The place in the list; it holds for this list alone"
EDGES = "The page, with a cursor for each node"
NODES = "The page"


@strawberry.type
class RegistryPage:
    """What every page of the registry's records shows beside them."""

    page_info: PageInfo = shown("Where the page stands in the list")
    total_count: int | None = shown("How many there are in all")


def registry_page(description: str) -> Any:
    """A connection over the registry's records: null until there are any, with its arguments checked all the same."""

    def resolve(info: Info, first: First = 10, after: After = None) -> Any:
        page_arguments(info.context, first, after, 10)
        return nothing_yet()

    return strawberry.field(resolver=resolve, description=description)
