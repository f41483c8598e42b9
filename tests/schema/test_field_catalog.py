"""schema.field_catalog: the executor answers the suite's queries on the estate as graphql-core does."""

from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from graphql.execution.values import VariableValues

from resolvers.execution.documents import BreadthFirstExecutor, PreparedOperation
from resolvers.execution.sources import FromDetail, PerLevel
from sandbox.estate import Estate
from schema.build import build_schema
from schema.field_catalog import field_catalog
from tests.gateway_client import GatewayClient, OpenGateway
from tests.recording import recorded

AGES = dict.fromkeys(("freshSeconds", "deletionSeconds", "authoritySeconds", "tagSeconds"), 3600.0)


def test_every_field_has_a_source() -> None:
    """So that no query is left to graphql-core; relations and details are asked for by the level."""
    catalog = field_catalog(build_schema())
    assert not catalog.has_unknown_fields
    kinds = {name: type(known.source) for name, known in catalog.fields.items()}
    assert kinds["Model", "snapshots"] is PerLevel
    assert kinds["Model", "containers"] is FromDetail


async def test_recorded_queries_are_answered_alike(
    open_gateway: OpenGateway, estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the byte; the first round reads everything, so that neither of the two others does."""
    queries = recorded()
    assert len(queries) > 120
    async with open_gateway(sagemaker=AGES) as gateway:
        for query, variables in queries:
            await answer(gateway, query, variables)
        planned = [await answer(gateway, query, variables) for query, variables in queries]

        async def leave(*_arguments: Any, **_options: Any) -> None:
            return None

        def refuse(*_arguments: Any) -> PreparedOperation:
            return PreparedOperation(None, VariableValues({}, {}), refusal="a test")

        monkeypatch.setattr(BreadthFirstExecutor, "execute", leave)
        monkeypatch.setattr(BreadthFirstExecutor, "prepare", refuse)
        judged = [await answer(gateway, query, variables) for query, variables in queries]
    differences = [
        (query, one, other) for (query, _), one, other in zip(queries, planned, judged, strict=True) if one != other
    ]
    assert differences == []


async def answer(gateway: GatewayClient, query: str, variables: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """The data in bytes, the errors by path and code, and what the answer says that it cost."""
    body = (await gateway.ask(query, variables)).body
    errors = {(str(error.get("path")), error["extensions"]["code"]) for error in body.get("errors", ())}
    return orjson.dumps(body.get("data")), errors, body.get("extensions", {}).get("cost")
