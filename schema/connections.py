"""Relay connections over the five kinds; one edge type and one connection type for each list."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from resolvers import connections
from schema.enums import MatchReason
from schema.fields import shown, shows
from schema.interfaces import Job

if TYPE_CHECKING:
    from schema.models import Model
    from schema.runtimes import Runtime
    from schema.snapshots import Snapshot

# The things themselves import these connections, so the way back is found late.
AModel = Annotated["Model", strawberry.lazy("schema.models")]
ASnapshot = Annotated["Snapshot", strawberry.lazy("schema.snapshots")]
ARuntime = Annotated["Runtime", strawberry.lazy("schema.runtimes")]

_CURSOR = "The place in the list; it holds for this list, filter and order alone"
_EDGES = "The page, with a cursor for each node"
_NODES = "The page"


@shows(connections.PageInfo)
@strawberry.type(description="Where a page stands in its list")
class PageInfo:
    """See resolvers.connections.PageInfo."""

    has_next_page: bool = shown("True where there is more; a page may hold fewer than asked for and still have more")
    has_previous_page: bool = shown("True where the page was asked for behind a cursor")
    start_cursor: str | None = shown("The first node's cursor")
    end_cursor: str | None = shown("The cursor to go on behind")


@strawberry.type
class _Page:
    page_info: PageInfo = shown("Where the page stands in the list")
    total_count: int | None = shown("How many there are in all; null where counting would cost further AWS calls")
    unreadable_count: int = shown(
        "How many are listed of which it is unknown whether they belong here: this role may not read what would tell, "
        "or that is gone"
    )
    complete_as_of: datetime | None = shown(
        "When the whole list was last seen, on which it rests that there are no others; null where a part was seen"
    )


@shows(connections.Edge)
@strawberry.type(description="A model and its place in a list")
class ModelEdge:
    """An edge."""

    cursor: str = shown(_CURSOR)
    node: AModel = shown("The model")


@shows(connections.Connection)
@strawberry.type(description="A page of models")
class ModelConnection(_Page):
    """A connection."""

    edges: list[ModelEdge] = shown(_EDGES)
    nodes: list[AModel] = shown(_NODES)


@shows(connections.Edge)
@strawberry.type(description="A snapshot and its place in a list")
class SnapshotEdge:
    """An edge."""

    cursor: str = shown(_CURSOR)
    node: ASnapshot = shown("The snapshot")


@shows(connections.Connection)
@strawberry.type(description="A page of snapshots")
class SnapshotConnection(_Page):
    """A connection."""

    edges: list[SnapshotEdge] = shown(_EDGES)
    nodes: list[ASnapshot] = shown(_NODES)


@shows(connections.Edge)
@strawberry.type(description="A runtime and its place in a list")
class RuntimeEdge:
    """An edge."""

    cursor: str = shown(_CURSOR)
    node: ARuntime = shown("The runtime")


@shows(connections.Connection)
@strawberry.type(description="A page of runtimes")
class RuntimeConnection(_Page):
    """A connection."""

    edges: list[RuntimeEdge] = shown(_EDGES)
    nodes: list[ARuntime] = shown(_NODES)


@shows(connections.Edge)
@strawberry.type(description="A job and its place in a list")
class JobEdge:
    """An edge."""

    cursor: str = shown(_CURSOR)
    node: Job = shown("The job")


@shows(connections.Connection)
@strawberry.type(description="A page of jobs")
class JobConnection(_Page):
    """A connection."""

    edges: list[JobEdge] = shown(_EDGES)
    nodes: list[Job] = shown(_NODES)


@shows(connections.Edge)
@strawberry.type(description="A job of a model, its place in the list, and why it belongs to the model")
class ModelJobEdge:
    """An edge with a reason."""

    cursor: str = shown(_CURSOR)
    node: Job = shown("The job")
    match: MatchReason = shown("Why the job belongs to the model")


@shows(connections.Connection)
@strawberry.type(description="A page of a model's jobs; each edge says why the job belongs to the model")
class ModelJobConnection(_Page):
    """A connection whose edges have reasons."""

    edges: list[ModelJobEdge] = shown(_EDGES)
    nodes: list[Job] = shown(_NODES)
    looked_back_to: datetime | None = shown(
        "How far back jobs were looked at, where there are more than one answer may look through; else null"
    )
