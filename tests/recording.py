"""Plugin that keeps the suite's queries: `pytest -p tests.recording tests` writes tests/recorded_queries.json anew."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.gateway_client import GatewayClient, GraphQLResponse

FILE: Final = Path(__file__).with_name("recorded_queries.json")
_LONGEST: Final = 2_000
"""Longer documents are there for their size, which is refused before anything runs."""

RecordedQuery = tuple[str, Mapping[str, Any] | None]


def recorded() -> list[RecordedQuery]:
    """The queries that the suite has asked, each with its variables."""
    return [(query, variables) for query, variables in json.loads(FILE.read_text(encoding="utf-8"))]


@pytest.fixture(scope="session", autouse=True)
def recording() -> Iterator[None]:
    """Keeps what every client asks."""
    stored: dict[str, RecordedQuery] = {}
    ask = GatewayClient.ask

    async def noted(
        self: GatewayClient, query: str, variables: Mapping[str, Any] | None = None, **options: Any
    ) -> GraphQLResponse:
        text = " ".join(query.split())
        if len(text) <= _LONGEST and "mutation" not in text:
            stored.setdefault(text, (text, variables))
        return await ask(self, query, variables, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GatewayClient, "ask", noted)
        yield
    lines = (json.dumps(stored[text], default=str) for text in sorted(stored))
    FILE.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
