"""schema.limits.page_needs: what of a connection takes more than its page, read off the selection."""

from typing import Any

import pytest
from graphql import GraphQLResolveInfo, build_schema, graphql_sync

from resolvers.lists.connections import PageNeeds
from schema.limits.page_needs import page_needs

SCHEMA = """
type Query { list: Connection }
type Connection { nodes: [Int!] totalCount: Int unreadableCount: Int completeAsOf: String pageInfo: PageInfo }
type PageInfo { hasNextPage: Boolean endCursor: String }
"""


def needs(query: str, variables: dict[str, Any] | None = None) -> PageNeeds:
    schema = build_schema(SCHEMA)
    stored: dict[tuple[int, ...], PageNeeds] = {}
    result: list[PageNeeds] = []

    def resolve(_root: object, info: GraphQLResolveInfo[Any]) -> None:
        result.extend(page_needs(info, stored) for _ in range(2))

    assert schema.query_type is not None
    schema.query_type.fields["list"].resolve = resolve
    assert graphql_sync(schema, query, variable_values=variables).errors is None
    assert result[0] is result[1]
    assert len(stored) == 1
    return result[0]


@pytest.mark.parametrize(
    ("selection", "total", "coverage", "next"),
    [
        ("nodes pageInfo { endCursor }", False, False, False),
        ("totalCount", True, False, False),
        ("count: totalCount", True, False, False),
        ("unreadableCount", False, True, False),
        ("completeAsOf", False, True, False),
        ("pageInfo { hasNextPage }", False, False, True),
        ("... { ... on Connection { pageInfo { ...P } } }", False, False, True),
        ("nodes totalCount @skip(if: true)", False, False, False),
        ("nodes ... @include(if: $yes) { totalCount }", True, False, False),
        ("nodes ... @skip(if: $yes) { totalCount }", False, False, False),
    ],
)
def test_what_is_selected_is_needed(selection: str, total: bool, coverage: bool, next: bool) -> None:
    fragment = "fragment P on PageInfo { hasNextPage }" if "...P" in selection else ""
    declared = "query ($yes: Boolean!)" if "$yes" in selection else ""
    query = f"{declared} {{ list {{ {selection} }} }} {fragment}"
    assert needs(query, {"yes": True} if declared else None) == PageNeeds(total, coverage, next)


def test_fields_that_are_asked_for_twice_need_what_either_needs() -> None:
    assert needs("{ list { totalCount } list { completeAsOf nodes } }") == PageNeeds(True, True, False)
