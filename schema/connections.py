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
        "True if the list goes on after this page; a page may then still hold fewer nodes than asked for"
    )
    has_previous_page: bool = attribute("True if the request gave `after`")
    start_cursor: str | None = attribute("The cursor of the first node; null for an empty page")
    end_cursor: str | None = attribute("The cursor for `after` of the next page; null if the list has no node so far")


@strawberry.type(description="A node of a list, with its cursor")
class Edge(Generic[NodeT]):
    """See resolvers.lists.connections.PageEdge."""

    cursor: str = attribute("The node's place in the list; valid for `after` of the same list, filter and order only")
    node: NodeT = attribute("The node")


@strawberry.type(description="The reason for which a group and region could not be read")
class ScopeProblem:
    """See resolvers.lists.connections.ScopeProblem."""

    code: str = attribute("The error code of the reason, such as FORBIDDEN, THROTTLED or TIMEOUT")
    message: str = attribute("The reason, in a sentence")


@strawberry.type(description="A group and region that a list covers, and how far it was read")
class ListedScope:
    """See resolvers.lists.connections.ListedScope."""

    group: str = attribute("The group; `*` for a caller without groups")
    account_id: str | None = attribute(
        "The AWS account; null if the role could not be assumed and its ARN names no account"
    )
    region: str = attribute("The region")
    complete_as_of: datetime | None = attribute(
        "The time at which the whole list of this group and region was last read; null if "
        "only a part was read, or nothing"
    )
    unreadable_count: int = attribute("The number of listed items of this group and region that could not be checked")
    problem: ScopeProblem | None = attribute("The reason for which nothing was read; null if something was")


@strawberry.type
class ResourceConnectionFields:
    """The fields of every page of resources beside its edges and nodes."""

    page_info: PageInfo = attribute("The position of this page in its list")
    total_count: int | None = attribute(
        "The number of nodes in the whole list; null if counting them would cost further AWS calls"
    )
    unreadable_count: int = attribute(
        "The number of listed items that could not be checked, because the role may not read "
        "them, or because a resource that they refer to is gone"
    )
    complete_as_of: datetime | None = attribute(
        "The time at which the whole list was last read; null if only a part was read, so "
        "that the list may have more nodes"
    )


@strawberry.type(name="Connection", description="A page of a list of SageMaker resources")
class ResourceConnection(ResourceConnectionFields, Generic[NodeT]):
    """See resolvers.lists.connections.Connection."""

    edges: list[Edge[NodeT]] = attribute("The nodes of this page, each with its cursor")
    nodes: list[NodeT] = attribute("The nodes of this page")
    scopes: list[ListedScope] = attribute("The groups and regions that the list covers, each with how far it was read")


@strawberry.type(name="Connection", description="A page of a list of the gateway's own records")
class RecordConnection(Generic[NodeT]):
    """See resolvers.lists.connections.Connection."""

    page_info: PageInfo = attribute("The position of this page in its list")
    total_count: int | None = attribute("The number of nodes in the whole list")
    edges: list[Edge[NodeT]] = attribute("The nodes of this page, each with its cursor")
    nodes: list[NodeT] = attribute("The nodes of this page")


ModelConnection = ResourceConnection[LazyModel]
SnapshotConnection = ResourceConnection[LazySnapshot]
RuntimeConnection = ResourceConnection[LazyRuntime]
InferenceComponentConnection = ResourceConnection[LazyInferenceComponent]
ModelPackageConnection = ResourceConnection[LazyModelPackage]
PipelineExecutionConnection = ResourceConnection[LazyPipelineExecution]
