"""schema.limits.document_sizes: a size is measured once for what it depends on, and variables are not kept."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse

from schema.limits.complexity import DocumentSize
from schema.limits.document_sizes import MAX_SIZES, DocumentSizes

QUERY = """query ($n: Int, $i: [ID!]!, $name: String, $c: Boolean = true) {
  models(first: $n, filter: {nameContains: $name}) { nodes { ...F } } nodes(ids: $i) { id }
} fragment F on Model { name @include(if: $c) }"""


class Ruler:
    """Measures, and counts how often."""

    def __init__(self) -> None:
        self.document = parse(QUERY)
        self.sizes = DocumentSizes()
        self.measured = 0

    def size(self, **variables: Any) -> DocumentSize:
        operation = self.document.definitions[0]
        assert isinstance(operation, OperationDefinitionNode)
        return self.sizes.size(self.document, operation, variables, self._measure)

    def _measure(self) -> DocumentSize:
        self.measured += 1
        return DocumentSize(cost=self.measured)


@pytest.mark.parametrize(
    ("first", "second", "measured"),
    [
        ({"n": 1, "i": ["a"]}, {"n": 1, "i": ["b"], "name": "x"}, 1),
        ({"n": 1, "i": []}, {"n": 1, "i": [], "c": True}, 1),
        ({"n": 1, "i": []}, {"n": 2, "i": []}, 2),
        ({"n": 1, "i": []}, {"n": 1, "i": ["a"]}, 2),
        ({"n": None, "i": []}, {"i": []}, 2),
        ({"n": 1, "i": []}, {"n": True, "i": []}, 2),
        ({"n": 1, "i": [], "c": True}, {"n": 1, "i": [], "c": False}, 2),
        ({"n": "1", "i": []}, {"n": "2", "i": []}, 1),
        ({"n": "MINE", "i": []}, {"n": "ACTING", "i": []}, 2),
        ({"n": 1.0, "i": []}, {"n": 1.0, "i": []}, 2),
    ],
)
def test_what_a_size_depends_on(first: Any, second: Any, measured: int) -> None:
    ruler = Ruler()
    sizes = [ruler.size(**variables) for variables in (first, second)]
    assert ruler.measured == measured
    assert len(set(sizes)) == measured


def test_sizes_are_bounded_and_hold_no_secret() -> None:
    ruler = Ruler()
    for number in range(MAX_SIZES + 5):
        ruler.size(n=number, i=["s3cr3t"], name="s3cr3t")
    assert len(ruler.sizes._sizes) == MAX_SIZES
    assert "s3cr3t" not in repr(ruler.sizes._sizes)
