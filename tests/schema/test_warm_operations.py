"""schema.warm_operations: a known document is answered at once, and as it was before it was known."""

from typing import Any

import pytest

from resolvers.execution.documents import BreadthFirstExecutor
from sandbox.server import Sandbox
from schema.build import GatewaySchema, build_schema
from tests.gateway_client import GatewayClient, OpenGateway
from tests.sagemaker_builder import building

TWO = "query A { me { subject } } query B { me { group } }"


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The documents that went through Strawberry's extensions."""
    asked: list[str | None] = []
    original = GatewaySchema._create_execution_context

    def noted(self: GatewaySchema, **options: Any) -> Any:
        asked.append(options["query"])
        return original(self, **options)

    monkeypatch.setattr(GatewaySchema, "_create_execution_context", noted)
    return asked


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ me { subject group } a: __typename }", None),
        ("query Q($n: Int) { models(first: $n) { nodes { name } totalCount } }", {"n": 1}),
        ("query R($n: Int) { models(first: $n) { nodes { name } } }", {"n": 0}),
        ("query S($n: String!) { model(name: $n) { name } }", {"n": 7}),
        ("query T($n: Int!) { nope: models(first: $n) { nodes { executionRoleArn tags { key } } } }", {"n": 2}),
    ],
)
async def test_the_second_answer_is_the_first(
    gateway: GatewayClient, sandbox: Sandbox, cold: list[str | None], query: str, variables: Any
) -> None:
    """With its errors and its extensions; Strawberry sees the first alone."""
    with building(sandbox) as things:
        things.model("m")
    await gateway.ask("query W { models { nodes { name executionRoleArn tags { key } } } }")
    cold.clear()
    first, second = [comparable((await gateway.ask(query, variables)).body) for _ in range(2)]
    assert second == first
    assert cold == [query]


def comparable(body: dict[str, Any]) -> dict[str, Any]:
    for error in body.get("errors", ()):
        del error["extensions"]["requestId"]
    if calls := body["extensions"].get("aws"):
        del calls["cached"]
    return body


async def test_what_is_refused_goes_the_long_way(gateway: GatewayClient, cold: list[str | None]) -> None:
    costly = "query ($n: Int) { models(first: 100) { nodes { snapshots(first: $n) { nodes { tags { key } } } } } }"
    for n, code in ((1, None), (100, "LIMIT_EXCEEDED"), (1, None)):
        body = (await gateway.ask(costly, {"n": n})).body
        codes = [error["extensions"]["code"] for error in body.get("errors", ())]
        assert codes == ([] if code is None else [code])
        assert body["extensions"]["cost"]["limit"] == 20_000
    assert len(cold) == 2


async def test_each_answer_is_charged_once(open_gateway: OpenGateway) -> None:
    limits = {"callers": {"costPerMinute": 3}}
    async with open_gateway(limits=limits) as gateway:
        query = "{ me { subject } rateLimit { cost used } }"
        used = [(await gateway.ask(query)).data["rateLimit"]["used"] for _ in range(1)]
        refused = await gateway.ask(query)
        assert used == [2]
        assert (refused.status, refused.codes) == (429, ["LIMIT_EXCEEDED"])
        assert "data" not in refused.body


async def test_operations_are_told_apart(cold: list[str | None]) -> None:
    schema = build_schema()
    for name in ("A", "B", "A"):
        assert (await schema.execute(TWO, operation_name=name)).errors is not None  # Nobody is asking.
    assert (await schema.execute(TWO)).errors is not None
    assert cold == [TWO, TWO]


async def test_an_unexpected_failure_is_the_operations(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = build_schema()
    assert (await schema.execute("{ __typename }")).errors is None

    async def fail(*_arguments: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(BreadthFirstExecutor, "run", fail)
    result = await schema.execute("{ __typename }")
    errors = [(error.path, type(error.original_error)) for error in result.errors or ()]
    assert (result.data, errors) == (None, [(None, RuntimeError)])
