"""schema.limits.prepared_documents: once parsed, once validated, in slices, and introspection from a copy."""

import asyncio
import threading
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import get_introspection_query

from schema.build import build_schema
from schema.errors import format_error
from schema.limits import prepared_documents
from schema.limits.document_cache import DocumentCache
from schema.limits.document_preparation import parse_document
from schema.limits.prepared_documents import MAX_SLICED_CHARACTERS
from tests.cached_schema import cached_schema

FULL = get_introspection_query()


@dataclass(frozen=True)
class Context:
    """As much of a request as is asked."""

    caller: str | None


class Work:
    """What was parsed, and in which threads."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.texts: list[str] = []
        self.on_loop: list[bool] = []
        original = parse_document

        def noted(text: str, options: Any) -> Any:
            self.texts.append(text)
            self.on_loop.append(threading.current_thread() is threading.main_thread())
            return original(text, options)

        monkeypatch.setattr(prepared_documents, "parse_document", noted)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    return Work(monkeypatch)


@pytest.mark.parametrize("introspection", [True, False])
async def test_a_valid_document_is_prepared_once(work: Work, introspection: bool) -> None:
    schema = build_schema(introspection=introspection)
    for caller in ("ann", "bob", None):
        assert (await schema.execute("{ __typename }", context_value=Context(caller))).data == {"__typename": "Query"}
    assert work.texts == ["{ __typename }"]


@pytest.mark.parametrize("query", ["{ nothing }", "{"])
async def test_an_invalid_document_is_not_kept(work: Work, query: str) -> None:
    schema = cached_schema()
    for _ in range(3):
        assert (await schema.execute(query)).errors
    assert work.texts == [query] * 3


async def test_a_text_with_room_for_a_huge_token_is_parsed_in_a_thread(work: Work) -> None:
    """Others are answered meanwhile."""
    schema, long = build_schema(), "{ __typename }".ljust(MAX_SLICED_CHARACTERS + 1)
    for query in (long[:-1], long):
        assert (await schema.execute(query)).data == {"__typename": "Query"}
    assert work.on_loop == [True, False]


async def test_documents_of_callers_do_not_wait_for_anonymous_ones() -> None:
    schema, fields = build_schema(), " ".join(f'a{n}: __type(name: "Model") {{ name }}' for n in range(15))
    anonymous = [
        asyncio.ensure_future(schema.execute(f"query q{n} {{ {fields} }}", context_value=Context(None)))
        for n in range(10)
    ]
    await asyncio.sleep(0)
    result = await schema.execute("{ __typename }", context_value=Context("ann"))
    assert (result.data, sum(one.done() for one in anonymous) < 10) == ({"__typename": "Query"}, True)
    assert all(one.errors is None for one in await asyncio.gather(*anonymous))


async def test_introspection_is_answered_from_a_prepared_copy() -> None:
    schema = cached_schema()
    first, second = [await schema.execute(FULL, context_value=Context(caller)) for caller in (None, "ann")]
    assert first.errors is None
    assert first.data is not None
    assert second.data is first.data


async def test_wrong_variables_of_introspection_are_graphql_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    result = await cached_schema().execute("query($n: String!) { __type(name: $n) { name } }")
    assert result.data is None
    (error,) = [format_error(error, "id") for error in result.errors or ()]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_variables_of_introspection() -> None:
    schema, query = cached_schema(), "query($n: String!) { __type(name: $n) { name } }"
    for name in ("Model", "Job"):
        result = await schema.execute(query, variable_values={"n": name})
        assert result.data == {"__type": {"name": name}}


async def test_aliases_of_the_schema_are_refused() -> None:
    """Fifteen took 1.7 s, and gave 4.2 MB."""
    selection = "{ types { ...T } } "
    fragment = FULL[FULL.index("fragment FullType") :].replace("FullType", "T", 1)
    query = "{ " + " ".join(f"a{number}: __schema {selection}" for number in range(15)) + "}" + fragment
    result = await cached_schema().execute(query)
    assert result.data is None
    (error,) = [format_error(error, "id") for error in result.errors or ()]
    assert error["extensions"]["code"] == "LIMIT_EXCEEDED"


async def test_many_documents_of_nobody_keep_the_cache_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    caches: list[DocumentCache] = []
    original = DocumentCache.__init__

    def noted(self: DocumentCache, *arguments: int) -> None:
        caches.append(self)
        original(self, 100_000, 20_000)

    monkeypatch.setattr(DocumentCache, "__init__", noted)
    schema = build_schema()
    await schema.execute("{ __typename }", context_value=Context("ann"))
    for number in range(50):
        await schema.execute(f"{{ a{number}: __typename }}", context_value=Context(None))
        await asyncio.sleep(0)
    (cache,) = caches
    assert cache.bytes <= 30_000
    assert cache.get("{ __typename }", anonymous=False)
    assert cache.get("{ a0: __typename }", anonymous=False) is None
