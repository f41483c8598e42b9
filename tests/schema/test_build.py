"""schema.build: introspection on and off, names that are not suggested, and what an extension's failure does."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import get_introspection_query
from strawberry.extensions import SchemaExtension

from schema.build import GatewaySchema, build_schema
from schema.errors import format_error
from schema.limits import introspection
from tests.cached_schema import cached_schema


@pytest.fixture
def closed() -> GatewaySchema:
    return cached_schema(introspection=False)


async def messages(schema: GatewaySchema, query: str) -> list[str]:
    result = await schema.execute(query)
    return [format_error(error, "id")["message"] for error in result.errors or ()]


async def test_introspection_by_the_explorer() -> None:
    query = get_introspection_query(input_value_deprecation=True, specified_by_url=True, schema_description=True)
    result = await cached_schema().execute(query)
    assert result.errors is None
    assert result.data is not None
    assert result.data["__schema"]["queryType"]["name"] == "Query"


@pytest.mark.parametrize("query", ["{ __schema { queryType { name } } }", '{ __type(name: "Model") { name } }'])
async def test_introspection_off(closed: GatewaySchema, query: str) -> None:
    field = query.split()[1].partition("(")[0]
    (message, *_) = await messages(closed, query)
    assert message == (
        f"GraphQL introspection has been disabled, but the requested query contained the field '{field}'."
    )


async def test_the_name_of_a_type_is_no_introspection(closed: GatewaySchema) -> None:
    result = await closed.execute("{ __typename }")
    assert (result.errors, result.data) == (None, {"__typename": "Query"})


@pytest.mark.parametrize(
    ("introspection", "end"), [(True, " Did you mean 'model', 'models', 'node', or 'nodes'?"), (False, "")]
)
async def test_a_name_is_suggested_if_the_schema_is_open(introspection: bool, end: str) -> None:
    schema = cached_schema(introspection=introspection)
    assert await messages(schema, "{ modell { id } }") == [f"Cannot query field 'modell' on type 'Query'.{end}"]


@pytest.mark.parametrize("introspection", [True, False])
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('{ node(id: "x") { ... on Modle { id } } }', "Unknown type 'Modle'."),
        ("{ jobs(filter: {status: [FALIED]}) { totalCount } }", "Value does not exist in 'JobStatus' enum."),
        (
            "{ models(filter: {nmaeContains: null}) { totalCount } }",
            "Expected value of type 'ModelFilter' not to include unknown field 'nmaeContains'.",
        ),
        ("query($it: ModleFilter) { models(filter: $it) { totalCount } }", "Unknown type 'ModleFilter'."),
    ],
)
async def test_no_names_are_suggested(introspection: bool, query: str, message: str) -> None:
    """To look for them took 1.6 s for 3.6 kB of misspelt types."""
    assert await messages(cached_schema(introspection=introspection), query) == [message]


async def test_no_names_are_suggested_for_variables() -> None:
    query = "query($it: [JobStatus!]) { jobs(filter: {status: $it}) { totalCount } }"
    result = await cached_schema().execute(query, variable_values={"it": ["FALIED"]})
    assert result.errors is not None
    assert [("Did you mean" in error.message, error.path) for error in result.errors] == [(False, None)]


async def test_a_schema_is_warmed_up_before_its_first_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """One reading measures the schema, and another answers: afterwards, only the one that answers is left."""
    schema = build_schema()
    readings: list[introspection._Reading] = []
    original = introspection._Reading.root

    def noted(self: introspection._Reading, *arguments: Any) -> Any:
        readings.append(self)
        return original(self, *arguments)

    monkeypatch.setattr(introspection._Reading, "root", noted)
    schema.warm_up()
    assert len(readings) == 1
    assert (await schema.execute(get_introspection_query())).errors is None
    assert len(readings) == 2


async def test_a_failing_extension_is_masked(caplog: pytest.LogCaptureFixture) -> None:
    class Failing(SchemaExtension):
        def on_execute(self) -> Iterator[None]:
            raise RuntimeError("secret")
            yield

    result = await build_schema(extensions=(Failing,)).execute("{ __typename }")
    assert result.errors is not None
    (error,) = [format_error(error, "the-id") for error in result.errors]
    assert error == {
        "message": "Something went wrong inside the gateway; its log has the details under the request id.",
        "extensions": {"code": "INTERNAL", "requestId": "the-id"},
    }
    assert "RuntimeError: secret" in caplog.text
