"""schema.limits.document_limits: a document larger than the settings allow is refused, and its cost told."""

from typing import Any

import pytest

from sandbox.server import Sandbox
from schema.build import GatewaySchema
from schema.errors import format_error
from schema.limits.complexity import DocumentSize
from schema.limits.document_limits import DefaultDocumentLimits, limit_violations
from tests.cached_schema import cached_schema
from tests.gateway_client import GatewayClient, identity_headers


async def refused(schema: GatewaySchema, query: str, variables: dict[str, Any] | None = None) -> list[str]:
    """The messages of a refusal for size; nothing has run, so there is no data."""
    result = await schema.execute(query, variable_values=variables)
    assert result.data is None
    shown = [format_error(error, "id") for error in result.errors or ()]
    assert {error["extensions"]["code"] for error in shown} == {"LIMIT_EXCEEDED"}
    return [error["message"] for error in shown]


def test_each_limit_has_a_sentence_of_its_own() -> None:
    limits = DefaultDocumentLimits(depth=1, aliases=2, directives=3, cost=4)
    assert limit_violations(limits, DocumentSize(1, 2, 3, 4)) == []
    assert limit_violations(limits, DocumentSize(2, 3, 4, 5)) == [
        "The query is 2 levels deep, and 1 is the most that this gateway takes: ask for less at once.",
        "The query has 3 aliases, and 2 is the most that this gateway takes: split the query.",
        "The query has 4 directives, and 3 is the most that this gateway takes: split the query.",
        "The query costs 5, and 4 is the most that this gateway takes: "
        "ask for smaller pages (`first`), or fewer levels of lists.",
    ]


async def test_every_broken_limit_is_told() -> None:
    schema = cached_schema(DefaultDocumentLimits(depth=1, aliases=0))
    assert await refused(schema, "{ a: me { subject } }") == [
        "The query is 2 levels deep, and 1 is the most that this gateway takes: ask for less at once.",
        "The query has 1 alias, and 0 is the most that this gateway takes: split the query.",
    ]


async def test_the_cost_is_told_either_way() -> None:
    schema = cached_schema(DefaultDocumentLimits(cost=100))
    result = await schema.execute("{ models(first: 101) { nodes { name tags { key } } } }")
    assert result.extensions == {"cost": {"requested": 200, "limit": 100}}
    result = await schema.execute("{ __typename }")
    assert result.extensions == {"cost": {"requested": 0, "limit": 100}}


async def test_a_document_with_a_fault_has_no_cost() -> None:
    result = await cached_schema().execute("{ nothing }")
    assert result.extensions == {}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("{ " + " ".join(f"a{n}: __typename" for n in range(16)) + " }", "has 16 aliases, and 15"),
        (
            "{ a: me { ...F } b: me { ...F } c: me { ...F } } fragment F on Caller { "
            + " ".join(f"f{n}: subject" for n in range(5))
            + " }",
            "has 18 aliases, and 15",
        ),
        ("{ __schema { " + " ".join(f"a{n}: types {{ name }}" for n in range(16)) + " } }", "has 16 aliases, and 15"),
        (
            "{ " + " ".join("__typename @include(if: true)" for _ in range(51)) + " }",
            "has 51 directives, and 50",
        ),
        ("{ models(first: 100) { nodes { snapshots(first: 100) { nodes { variants { name } } } } } }", "costs 20100"),
    ],
)
async def test_the_default_limits(query: str, sentence: str) -> None:
    (message,) = await refused(cached_schema(), query)
    assert message.startswith(f"The query {sentence}")


async def test_depth() -> None:
    inner = "name"
    for _ in range(6):
        inner = f"snapshots {{ nodes {{ models {{ {inner} }} }} }}"
    schema = cached_schema(DefaultDocumentLimits(cost=10**9))
    (message,) = await refused(schema, f'{{ model(name: "m") {{ {inner} }} }}')
    assert message.startswith("The query is 20 levels deep, and 16 is the most")


async def test_a_variable_is_measured_with_its_value() -> None:
    schema = cached_schema(DefaultDocumentLimits(cost=50))
    query = "query($n: Int = 50) { models(first: $n) { nodes { name } } }"
    assert (await refused(schema, query, {"n": 51}))[0].startswith("The query costs 51, and 50 is")


async def test_an_operation_that_is_not_asked_for_does_not_count() -> None:
    schema = cached_schema(DefaultDocumentLimits(cost=10))
    both = "query A { __typename } query B { models { nodes { name } } }"
    assert (await schema.execute(both, operation_name="A")).data == {"__typename": "Query"}
    result = await schema.execute(both, operation_name="B")
    assert (result.data, result.extensions) == (None, {"cost": {"requested": 50, "limit": 10}})


@pytest.mark.parametrize(
    "query",
    [
        "{ " + "a " * 2000 + "}",
        "{ models(filter: {tags: " + "[" * 3000,
        "# comment\n" * 2500 + "{ __typename }",
    ],
)
async def test_tokens(query: str) -> None:
    (message,) = await refused(cached_schema(), query)
    assert "Document contains more than 2000 tokens" in message or "nested too deeply" in message


@pytest.mark.parametrize(
    "query",
    [
        "{ " + "me { " * 400 + "}" * 400 + " }",
        "{ nodes(ids: " + "[" * 600 + "]" * 600 + ") { id } }",
        "{ nodes(ids: [" + "{a: " * 300 + "1" + "}" * 300 + "]) { id } }",
        "{ " + "... on Query { " * 300 + "__typename" + " }" * 300 + " }",
        "query($a: " + "[" * 400 + "Int" + "]" * 400 + ") { __typename }",
    ],
)
async def test_deep_nesting_is_refused_before_it_is_walked(query: str) -> None:
    (message,) = await refused(cached_schema(DefaultDocumentLimits(tokens=100_000)), query)
    assert message == "Syntax Error: Document is nested too deeply. Parsing aborted."


async def test_deep_variables_are_refused() -> None:
    deep: Any = "x"
    for _ in range(900):
        deep = [deep]
    query = "query($f: ModelFilter) { models(filter: $f) { totalCount } }"
    result = await cached_schema().execute(query, variable_values={"f": {"tags": deep}})
    (error,) = [format_error(error, "id") for error in result.errors or ()]
    at = "Variable '$f' has invalid value at .tags[0]"
    assert error["message"] == f"{at}: Expected value of type 'TagFilter' to be an object."


async def test_deep_introspection_is_refused() -> None:
    inner = "name"
    for _ in range(4):
        inner = f"fields {{ type {{ {inner} }} }}"
    (message,) = await refused(cached_schema(), f"{{ __schema {{ types {{ {inner} }} }} }}")
    assert message == "Maximum introspection depth exceeded"


@pytest.mark.parametrize("many", [10, 60])
async def test_fragments_that_multiply_are_measured_once(many: int) -> None:
    """A bomb of fragments: each spreads the next one twice, so that 2^60 fields would come of 10 kB."""
    chain = "".join(f"fragment F{n} on Query {{ a{n}: __typename ...F{n + 1} ...F{n + 1} }} " for n in range(many))
    query = "{ ...F0 } " + chain + f"fragment F{many} on Query {{ __typename }}"
    (message,) = await refused(cached_schema(), query)
    assert message.startswith(f"The query has {min(2**many - 1, 2**53 - 1)} aliases, and 15 is the most")


async def test_fragments_that_multiply_without_aliases_are_measured_once() -> None:
    chain = "".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }} " for n in range(60))
    query = "{ ...F0 } " + chain + "fragment F60 on Query { __typename }"
    result = await cached_schema().execute(query)
    assert (result.data, result.errors) == ({"__typename": "Query"}, None)


async def test_fields_that_conflict_are_measured_once() -> None:
    """Validation compares fields of the same name with each other; that too has its bound."""
    query = "{ " + " ".join(f'model(name: "a{n}") {{ id }}' for n in range(180)) + " }"
    result = await cached_schema().execute(query)
    assert result.errors
    assert len(result.errors) <= 101


TWO = "query A { me { subject } } query B { a: me { subject } }"
MESSAGE = "`operationName` must say which of the document's operations is meant."


async def test_several_and_none_is_meant(gateway: GatewayClient, sandbox: Sandbox) -> None:
    answer = await gateway.ask(TWO)
    assert (answer.error["message"], answer.codes) == (MESSAGE, ["BAD_USER_INPUT"])
    assert "data" not in answer.body


@pytest.mark.parametrize(("name", "data"), [("A", {"me": {"subject": "ann"}}), ("B", {"a": {"subject": "ann"}})])
async def test_several_and_one_is_meant(gateway: GatewayClient, name: str, data: object) -> None:
    response = await gateway.http.post(
        "/graphql", json={"query": TWO, "operationName": name}, headers=identity_headers("ann", ["risk"])
    )
    assert response.json()["data"] == data


async def test_fragments_are_no_operations(gateway: GatewayClient) -> None:
    answer = await gateway.ask("query A { me { ...Who } } fragment Who on Caller { subject }")
    assert answer.data == {"me": {"subject": "ann"}}


async def test_what_is_not_valid_is_told_instead(gateway: GatewayClient) -> None:
    answer = await gateway.ask(TWO.replace("subject", "subjekt"))
    assert MESSAGE not in [error["message"] for error in answer.errors]


async def test_from_registrations_to_jobs_in_edges_is_within_the_default_limits() -> None:
    query = """{ registrations(first: 5) { edges { node { deployments(first: 2) { edges { node { runtime { snapshot {
        variants { model { jobs(first: 5) { edges { node { name } } } } } } } } } } } } } }"""
    result = await cached_schema().execute(query)
    assert [error for error in result.errors or () if error.path is None] == []
