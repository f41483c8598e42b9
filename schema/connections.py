"""Relay connections over resources, and the base of connections over registry records."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from resolvers.batching import BatchFunction
from resolvers.lists import connections
from schema.enums import MatchReason
from schema.fields import After, First, Info, attribute, backed_by, page_arguments
from schema.jobs.types import Job

if TYPE_CHECKING:
    from schema.models import Model
    from schema.runtimes import Runtime
    from schema.snapshots.types import Snapshot


# The things themselves import these connections, so the way back is found late.
LazyModel = Annotated["Model", strawberry.lazy("schema.models")]
LazySnapshot = Annotated["Snapshot", strawberry.lazy("schema.snapshots.types")]
LazyRuntime = Annotated["Runtime", strawberry.lazy("schema.runtimes")]

_RESOURCE_CURSOR = "The place in the list; it holds for this list, filter and order alone"
_RESOURCE_EDGES = "The page, with a cursor for each node"
_RESOURCE_NODES = "The page"


@backed_by(connections.PageInfo)
@strawberry.type(description="Where a page stands in its list")
class PageInfo:
    """See resolvers.lists.connections.PageInfo."""

    has_next_page: bool = attribute(
        "True where there is more; a page may hold fewer than asked for and still have more"
    )
    has_previous_page: bool = attribute("True where the page was asked for behind a cursor")
    start_cursor: str | None = attribute("The first node's cursor")
    end_cursor: str | None = attribute("The cursor to go on behind")


@strawberry.type
class ResourceConnection:
    """Fields that every connection of AWS resources has."""

    page_info: PageInfo = attribute("Where the page stands in the list")
    total_count: int | None = attribute("How many there are in all; null where counting would cost further AWS calls")
    unreadable_count: int = attribute(
        "How many are listed of which it is unknown whether they belong here: this role may not read what would tell, "
        "or that is gone"
    )
    complete_as_of: datetime | None = attribute(
        "When the whole list was last seen, on which it rests that there are no others; null where a part was seen"
    )


@backed_by(connections.Edge)
@strawberry.type(description="A model and its place in a list")
class ModelEdge:
    """An edge."""

    cursor: str = attribute(_RESOURCE_CURSOR)
    node: LazyModel = attribute("The model")


@backed_by(connections.Connection)
@strawberry.type(description="A page of models")
class ModelConnection(ResourceConnection):
    """A connection."""

    edges: list[ModelEdge] = attribute(_RESOURCE_EDGES)
    nodes: list[LazyModel] = attribute(_RESOURCE_NODES)


@backed_by(connections.Edge)
@strawberry.type(description="A snapshot and its place in a list")
class SnapshotEdge:
    """An edge."""

    cursor: str = attribute(_RESOURCE_CURSOR)
    node: LazySnapshot = attribute("The snapshot")


@backed_by(connections.Connection)
@strawberry.type(description="A page of snapshots")
class SnapshotConnection(ResourceConnection):
    """A connection."""

    edges: list[SnapshotEdge] = attribute(_RESOURCE_EDGES)
    nodes: list[LazySnapshot] = attribute(_RESOURCE_NODES)


@backed_by(connections.Edge)
@strawberry.type(description="A runtime and its place in a list")
class RuntimeEdge:
    """An edge."""

    cursor: str = attribute(_RESOURCE_CURSOR)
    node: LazyRuntime = attribute("The runtime")


@backed_by(connections.Connection)
@strawberry.type(description="A page of runtimes")
class RuntimeConnection(ResourceConnection):
    """A connection."""

    edges: list[RuntimeEdge] = attribute(_RESOURCE_EDGES)
    nodes: list[LazyRuntime] = attribute(_RESOURCE_NODES)


@backed_by(connections.Edge)
@strawberry.type(description="A job and its place in a list")
class JobEdge:
    """An edge."""

    cursor: str = attribute(_RESOURCE_CURSOR)
    node: Job = attribute("The job")


@backed_by(connections.Connection)
@strawberry.type(description="A page of jobs")
class JobConnection(ResourceConnection):
    """A connection."""

    edges: list[JobEdge] = attribute(_RESOURCE_EDGES)
    nodes: list[Job] = attribute(_RESOURCE_NODES)


@backed_by(connections.Edge)
@strawberry.type(description="A job of a model, its place in the list, and why it belongs to the model")
class ModelJobEdge:
    """An edge with a reason."""

    cursor: str = attribute(_RESOURCE_CURSOR)
    node: Job = attribute("The job")
    match: MatchReason = attribute("Why the job belongs to the model")


@backed_by(connections.Connection)
@strawberry.type(description="A page of a model's jobs; each edge says why the job belongs to the model")
class ModelJobConnection(ResourceConnection):
    """A connection whose edges have reasons."""

    edges: list[ModelJobEdge] = attribute(_RESOURCE_EDGES)
    nodes: list[Job] = attribute(_RESOURCE_NODES)
    looked_back_to: datetime | None = attribute(
        "How far back jobs were looked at, where there are more than one answer may look through; else null"
    )


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
