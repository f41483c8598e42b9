"""Documents that an anonymous client could stall the gateway with: processor time, longest hold of the loop, memory.

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
    "a long block string": '{node(id:"""' + "\n   a" * 1_800 + '"""){id}}',
    "blank lines": "{" + "\n" * 9_700 + "__typename}",
    "deep objects": "{models(filter:" + "{tags:[" * 60 + "1" + "]}" * 60 + "){totalCount}}",
    "deep fragments": "{" + "...on Query{" * 60 + "__typename" + "}" * 60 + "}",
    "fields of one fragment for each": "{"
    + "".join(f"...f{n} " for n in range(32))
    + "}"
    + "".join(f"fragment f{n} on Query{{models{{totalCount}}}}" for n in range(32)),
    "names of types in types": "{__schema{types{name fields{name type{" + "ofType{" * 80 + "name" + "}" * 80 + "}}}}}",
    "undefined variables": "{" + "".join(f"a{n}:models(first:$v{n}){{totalCount}}" for n in range(35)) + "}",
    "mutations": "mutation{"
    + "".join(f'a{n}:removeRegistration(input:{{id:"x"}}){{__typename}}' for n in range(29))
    + "}",
}
TRIES: Final = 3


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
    gc.set_threshold(700, 10, 100)
    _say(f"{DISTINCT} distinct documents left {await _megabytes(build_schema()):.1f} MB")
    _say(f"{'':32}               processor   longest hold")
    for name, query in DOCUMENTS.items():
        tried = [await _measure(schema, f"{query}#{number}") for number in range(TRIES)]
        processor, hold = (min(values) * 1000 for values in zip(*tried, strict=True))
        _say(f"{name:32} {len(query):6} bytes {processor:8.1f} ms {hold:8.1f} ms")
    return 0


async def _measure(schema: GatewaySchema, query: str) -> tuple[float, float]:
    """Give the seconds of processor time of a document, and the most of them in one turn of the event loop."""
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            begun = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - begun)

    watching = asyncio.create_task(watch())
    begun = time.process_time()
    await schema.execute(query, context_value=Anonymous())
    taken = time.process_time() - begun
    watching.cancel()
    return taken, longest


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
    stored, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return stored / 2**20


def _say(line: Any) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
