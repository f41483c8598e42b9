"""Relay connections: one generic for pages of resources, one for pages of the registry's records."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Generic, TypeVar

import strawberry

from schema.fields import attribute

if TYPE_CHECKING:
    from schema.inference_components import InferenceComponent
    from schema.model_packages import ModelPackage
    from schema.models import Model
    from schema.pipelines import PipelineExecution
    from schema.runtimes import Runtime
    from schema.snapshots.types import Snapshot

NodeT = TypeVar("NodeT")

# Resource types import these connections, so their names are resolved late.
LazyModel = Annotated["Model", strawberry.lazy("schema.models")]
LazySnapshot = Annotated["Snapshot", strawberry.lazy("schema.snapshots.types")]
LazyRuntime = Annotated["Runtime", strawberry.lazy("schema.runtimes")]
LazyInferenceComponent = Annotated["InferenceComponent", strawberry.lazy("schema.inference_components")]
LazyPipelineExecution = Annotated["PipelineExecution", strawberry.lazy("schema.pipelines")]
LazyModelPackage = Annotated["ModelPackage", strawberry.lazy("schema.model_packages")]


@strawberry.type(description="The position of a page in its list")
class PageInfo:
    """See resolvers.lists.connections.PageInfo."""

    has_next_page: bool = attribute(
        "True if there is more; a page may hold fewer than asked for and still have more behind it"
    )
    has_previous_page: bool = attribute("True if the request gave a cursor")
    start_cursor: str | None = attribute("The first node's cursor")
    end_cursor: str | None = attribute("The cursor to continue behind")


@strawberry.type(description="A node and its place in a list")
class Edge(Generic[NodeT]):
    """See resolvers.lists.connections.PageEdge."""

    cursor: str = attribute("The place in the list; a cursor is valid for its own list, filter and order only")
    node: NodeT = attribute("The node itself")


@strawberry.type(description="The reason why a group's account and region could not be read")
class ScopeProblem:
    """See resolvers.lists.connections.ScopeProblem."""

    code: str = attribute("The code that the error of such a list has, such as FORBIDDEN, THROTTLED or TIMEOUT")
    message: str = attribute("The reason, in a sentence")


@strawberry.type(description="A group's account and region in a list, and how far its part was read")
class ListedScope:
    """See resolvers.lists.connections.ListedScope."""

    group: str = attribute("The group; * for a caller without groups")
    account_id: str | None = attribute(
        "The account; null if the role could not be assumed and its ARN does not name it"
    )
    region: str = attribute("The region")
    complete_as_of: datetime | None = attribute(
        "The time at which the whole part was last read; null if only some of it was read, or none"
    )
    unreadable_count: int = attribute("Listed items of the part that could not be checked")
    problem: ScopeProblem | None = attribute("The reason why nothing of it was read; null if it was")


@strawberry.type
class ResourceConnectionFields:
    """The fields of every page of resources beside its edges and nodes."""

    page_info: PageInfo = attribute("The position of the page in the list")
    total_count: int | None = attribute("The number of all nodes; null if counting would cost further AWS calls")
    unreadable_count: int = attribute(
        "Listed items that could not be checked, because the role may not read them or what they refer to is gone"
    )
    complete_as_of: datetime | None = attribute(
        "The time at which the whole list was last read; null if only a part was read, so that there may be more"
    )


@strawberry.type(name="Connection", description="A page of a list of resources")
class ResourceConnection(ResourceConnectionFields, Generic[NodeT]):
    """See resolvers.lists.connections.Connection."""

    edges: list[Edge[NodeT]] = attribute("The page, with a cursor for each node")
    nodes: list[NodeT] = attribute("The page")
    scopes: list[ListedScope] = attribute("The groups and regions that the list covers, and how far each was read")


@strawberry.type(name="Connection", description="A page of a list that the gateway keeps")
class RecordConnection(Generic[NodeT]):
    """See resolvers.lists.connections.Connection."""

    page_info: PageInfo = attribute("The position of the page in the list")
    total_count: int | None = attribute("The number of all nodes")
    edges: list[Edge[NodeT]] = attribute("The page, with a cursor for each node")
    nodes: list[NodeT] = attribute("The page")


ModelConnection = ResourceConnection[LazyModel]
SnapshotConnection = ResourceConnection[LazySnapshot]
RuntimeConnection = ResourceConnection[LazyRuntime]
InferenceComponentConnection = ResourceConnection[LazyInferenceComponent]
ModelPackageConnection = ResourceConnection[LazyModelPackage]
PipelineExecutionConnection = ResourceConnection[LazyPipelineExecution]
