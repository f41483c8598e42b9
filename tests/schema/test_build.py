"""schema.build: the caches, introspection on and off, and what an extension's failure does."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from graphql import get_introspection_query
from strawberry.extensions import SchemaExtension
from strawberry.extensions.parser_cache import _get_parse_cache
from strawberry.extensions.validation_cache import _get_validate_cache

from schema.build import GatewaySchema, build_schema
from schema.errors import format_error


@pytest.fixture(scope="module")
def closed() -> GatewaySchema:
    return build_schema(introspection=False)


async def messages(schema: GatewaySchema, query: str) -> list[str]:
    result = await schema.execute(query)
    return [format_error(error, "id")["message"] for error in result.errors or ()]


@pytest.mark.parametrize("introspection", [True, False])
@pytest.mark.parametrize("query", ["{ __typename }", "{ nothing }"])
async def test_a_document_is_parsed_and_validated_once(introspection: bool, query: str) -> None:
    schema = build_schema(introspection=introspection)
    caches: list[Callable[..., Any]] = [_get_parse_cache(512), _get_validate_cache(512)]
    for cache in caches:
        cache.cache_clear()  # type: ignore[attr-defined]  # It is a functools.lru_cache.
    for _ in range(5):
        await schema.execute(query)
    found = [cache.cache_info() for cache in caches]  # type: ignore[attr-defined]  # As above.
    assert [(cache.hits, cache.misses) for cache in found] == [(4, 1), (4, 1)]


async def test_introspection_by_the_explorer() -> None:
    query = get_introspection_query(input_value_deprecation=True, specified_by_url=True, schema_description=True)
    result = await build_schema().execute(query)
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
    ("query", "message", "suggestion"),
    [
        (
            "{ modles { totalCount } }",
            "Cannot query field 'modles' on type 'Query'.",
            " Did you mean 'models' or 'model'?",
        ),
        (
            "{ models(frist: 5) { totalCount } }",
            "Unknown argument 'frist' on field 'Query.models'.",
            " Did you mean 'first'?",
        ),
        (
            '{ node(id: "x") { ... on Modle { id } } }',
            "Unknown type 'Modle'.",
            " Did you mean 'Model', 'Node', or 'Bool",
        ),
    ],
)
async def test_suggestions(closed: GatewaySchema, query: str, message: str, suggestion: str) -> None:
    (told,) = await messages(build_schema(), query)
    assert told.startswith(message + suggestion[:12])
    for _ in range(2):
        assert await messages(closed, query) == [message]


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
