"""schema.limits.document_cache: bounded in bytes, and in two parts of which one cannot evict the other's."""

import gc
import tracemalloc

import pytest

from schema.limits.document_cache import ANONYMOUS_BYTES, CALLER_BYTES, CachedDocument, DocumentCache
from schema.limits.document_preparation import parse_document


def entry(text: str = "{ a }") -> CachedDocument:
    return CachedDocument(parse_document(text, {}))


SIZE = entry().bytes


def test_both_parts_are_read_for_everyone() -> None:
    cache = DocumentCache()
    document, cached_document = entry(), entry()
    cache.put("mine", document, anonymous=False)
    cache.put("theirs", cached_document, anonymous=True)
    for anonymous in (False, True):
        assert cache.get("mine", anonymous=anonymous) is document
        assert cache.get("theirs", anonymous=anonymous) is cached_document
        assert cache.get("nobody's", anonymous=anonymous) is None
    assert cache.bytes == 2 * SIZE


@pytest.mark.parametrize("anonymous", [False, True])
def test_the_least_recently_used_goes_first(anonymous: bool) -> None:
    cache = DocumentCache(2 * SIZE, 2 * SIZE)
    for text in ("first", "second"):
        cache.put(text, entry(), anonymous=anonymous)
    assert cache.get("first", anonymous=anonymous)
    cache.put("third", entry(), anonymous=anonymous)
    stored = [text for text in ("first", "second", "third") if cache.get(text, anonymous=anonymous)]
    assert (stored, cache.bytes) == (["first", "third"], 2 * SIZE)


def test_anonymous_requests_evict_only_their_own() -> None:
    cache = DocumentCache(2 * SIZE, 2 * SIZE)
    for text in ("first", "second"):
        cache.put(text, entry(), anonymous=False)
    for number in range(10):
        cache.put(f"anonymous {number}", entry(), anonymous=True)
        assert cache.get("first", anonymous=True)
    assert (cache.bytes, cache.get("anonymous 7", anonymous=True)) == (4 * SIZE, None)
    # Nor do they keep one from being the least recently used.
    cache.put("third", entry(), anonymous=False)
    assert [bool(cache.get(text, anonymous=False)) for text in ("first", "second", "third")] == [False, True, True]


def test_a_document_that_is_put_again_counts_once() -> None:
    cache = DocumentCache()
    for extra in (0, 10):
        cache.put("text", CachedDocument(parse_document("{ a }", {}), {"a": 1}, extra), anonymous=True)
    assert cache.bytes == SIZE + 10


def test_a_document_that_is_larger_than_its_part_is_not_kept() -> None:
    cache = DocumentCache(10, 10)
    cache.put("text", entry(), anonymous=True)
    assert (cache.bytes, cache.get("text", anonymous=True)) == (0, None)


def test_the_bounds() -> None:
    assert CALLER_BYTES + ANONYMOUS_BYTES <= 32 * 2**20


@pytest.mark.parametrize(
    "text",
    [
        "{a}",
        "{ " + " ".join(f"f{number}" for number in range(900)) + " }",
        "{ __typename" + " __typename" * 1900 + " }",
        "{ m(" + " ".join(f"a{number}: 1" for number in range(600)) + ") }",
        "{ a " + "@b " * 900 + "}",
        '{ a(b: "' + "x" * 90_000 + '") }',
        '{ a(b: "' + "\N{GRINNING FACE}" * 20_000 + '") }',
        "{ a }" + "\n# c" * 1000,
        "{ a(b: [" + "1 " * 1900 + "]) }",
        "{" + "a {" * 150 + "a" + "}" * 151,
    ],
)
def test_no_document_takes_more_than_it_counts(text: str) -> None:
    # Nothing that is made meanwhile grows out of the youngest generation, which is quickly collected.
    gc.disable()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        document = entry(text)
        gc.collect(0)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        gc.enable()
    assert after - before <= document.bytes
