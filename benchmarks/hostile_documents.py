"""Processor time of documents that an anonymous client could stall the gateway with, and the memory that many leave.

Run it with `python -m benchmarks.hostile_documents`.
"""

import asyncio
import gc
import sys
import time
import tracemalloc
from collections.abc import Mapping
from typing import Any, Final

from graphql import get_introspection_query

from schema.build import GatewaySchema, build_schema

FULL: Final = get_introspection_query()
DISTINCT: Final = 600
_SELECTION: Final = FULL[FULL.index("__schema") : FULL.index("fragment FullType")].rstrip().removesuffix("}")
_FRAGMENTS: Final = FULL[FULL.index("fragment FullType") :]

# Each has as much as 500 tokens and 10,000 bytes hold, which is all that an anonymous client may send.
DOCUMENTS: Final[Mapping[str, str]] = {
    "the standard introspection": FULL,
    "misspelt types": "{" + "".join(f"...on Snapsho{n}{{a}}" for n in range(80)) + "}",
    "misspelt fields": "{" + " ".join(f"modle{n}" for n in range(490)) + "}",
    "misspelt arguments": "{models(" + " ".join(f"frist{n}:1" for n in range(160)) + "){totalCount}}",
    "misspelt input fields": "{models(filter:{" + " ".join(f"nmae{n}:1" for n in range(150)) + "}){totalCount}}",
    "misspelt types of variables": "query(" + "".join(f"$v{n}:Modle{n}" for n in range(120)) + "){__typename}",
    "unused variables": "query(" + "".join(f"$v{n}:Int" for n in range(120)) + "){__typename}",
    "unused fragments": "{__typename}" + "".join(f"fragment f{n} on Query{{__typename}}" for n in range(70)),
    "unknown directives": "{__typename " + " ".join(f"@a{n}" for n in range(240)) + "}",
    "the same field": "{" + "__typename " * 490 + "}",
    "the same field with fields": "{" + "models{nodes{id name}}" * 60 + "}",
    "conflicting fields": "{" + " ".join(f'a:model(name:"{n}"){{id}}' for n in range(45)) + "}",
    "a chain of fragments": "{...f0}"
    + "".join(f"fragment f{n} on Query{{...f{n + 1} __typename}}" for n in range(58))
    + "fragment f58 on Query{__typename}",
    "many operations": "".join(f"query q{n}{{__typename}}" for n in range(95)),
    "four times the schema": "{" + " ".join(f"a{n}:{_SELECTION}" for n in range(4)) + "}" + _FRAGMENTS,
    "many types": "{" + " ".join(f'a{n}:__type(name:"Query"){{fields{{name args{{name}}}}}}' for n in range(15)) + "}",
    "the schema and more": "{" + _SELECTION + "settings{approval}}" + _FRAGMENTS,
    "a deep list": "{node(id:" + "[" * 190 + "]" * 190 + "){id}}",
    "a long comment": "{__typename}" + "#" * 9_900,
    "a long text": '{node(id:"' + "\\u0041" * 1_600 + '"){id}}',
}


class Anonymous:
    """The context of a request without a caller."""

    caller = None


async def main() -> int:
    """Print a line for each document, and one for the memory."""
    schema = build_schema()
    for query in ("{ __typename }", FULL.replace("IntrospectionQuery", "Warm")):
        await schema.execute(query, context_value=Anonymous())
    # As `serve` does.
    gc.freeze()
    _say(f"{DISTINCT} distinct documents left {await _megabytes(build_schema()):.1f} MB")
    for name, query in DOCUMENTS.items():
        first, again = [await _milliseconds(schema, query) for _ in range(2)]
        _say(f"{name:32} {len(query):6} bytes {first:8.1f} ms {again:8.1f} ms")
    return 0


async def _milliseconds(schema: GatewaySchema, query: str) -> float:
    begun = time.process_time()
    await schema.execute(query, context_value=Anonymous())
    return (time.process_time() - begun) * 1000


async def _megabytes(schema: GatewaySchema) -> float:
    """Give the memory that distinct documents leave, half of them valid."""
    await schema.execute("{ __typename }", context_value=Anonymous())
    gc.collect()
    tracemalloc.start()
    for number in range(DISTINCT):
        field = "id" if number % 2 else "nothing"
        query = f"query q{number} {{ nodes(ids: [{'1 ' * 470}]) {{ {field} }} }}"
        await schema.execute(query, context_value=Anonymous())
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return kept / 2**20


def _say(line: Any) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
