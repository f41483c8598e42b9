"""Search: resources of any kind by a part of their name, display name or tags."""

from inspect import Parameter
from typing import Annotated, Any, Final

import strawberry

from aws.kinds.kind import LISTED_KINDS
from registry.enums import ElementKind
from resolvers import search
from resolvers.lists.merged_list import ListScope
from resolvers.search import SearchField, SearchQuery
from schema.connections import ListedScope, ResourceConnectionFields
from schema.enums import register_enum
from schema.fields import After, First, Group, Info, Region, attribute, selected_page, with_arguments
from schema.filters import Scope
from schema.interfaces import Resource

register_enum(
    SearchField,
    "SearchField",
    "The field that a text was found in",
    {
        "NAME": "The name",
        "DISPLAY_NAME": "The display name of the group's registration of the model",
        "TAG": "The value of a tag, if the resource's tags are known already",
    },
)

TextArgument = Annotated[str, strawberry.argument(description="A text of 2 to 256 characters; case is ignored")]
KindsArgument = Annotated[
    list[ElementKind] | None,
    strawberry.argument(
        description=(
            "Only these kinds; left out: every kind. Pipeline executions are never found, because "
            "SageMaker lists them by pipeline"
        )
    ),
]


@strawberry.type(description="A result of a search")
class ResourceEdge:
    """See resolvers.lists.connections.PageEdge."""

    cursor: str = attribute("The result's place in the list; valid for `after` of the same search only")
    node: Resource = attribute("The resource")
    matched: list[SearchField] = attribute("The fields that the text was found in")


@strawberry.type(name="ResourceConnection", description="A page of the results of a search")
class FoundResourceConnection(ResourceConnectionFields):
    """See resolvers.lists.connections.Connection."""

    edges: list[ResourceEdge] = attribute(
        "The results of this page, each with its cursor and the fields that the text was found in"
    )
    nodes: list[Resource] = attribute("The nodes of this page")
    scopes: list[ListedScope] = attribute(
        "The groups and regions that were searched, each with how far its lists are known"
    )


async def _search(info: Info, **arguments: Any) -> Any:
    kinds, scope = arguments["kinds"], arguments["scope"] or ListScope.MINE
    page = selected_page(info, arguments["first"], arguments["after"], 20)
    names = {kind.name for kind in (ElementKind if kinds is None else kinds)}
    wanted = tuple(kind for kind in LISTED_KINDS if kind.name in names)
    query = SearchQuery(arguments["text"], wanted, scope, arguments["group"], arguments["region"], page)
    return await info.context.in_time(search.search(info.context, query))


_ARGUMENTS: Final = {
    "text": (TextArgument, Parameter.empty),
    "kinds": (KindsArgument, None),
    "first": (First, 20),
    "after": (After, None),
    "scope": (Scope, ListScope.MINE),
    "region": (Region, None),
    "group": (Group, None),
}
find_resources = with_arguments(_search, _ARGUMENTS)
"""The resolver of one page of the resources that a text is found in."""
