"""gateway.explorer.every_mutation: each mutation has an example that is valid and takes its variables."""

import json
import re
from pathlib import Path

import httpx
import pytest
from graphql import get_variable_values, parse, validate

from gateway.app import create_app
from gateway.explorer.every_mutation import every_mutation
from gateway.explorer.examples import EXAMPLES, Example
from gateway.explorer.mutation_examples import APPROVE, MUTATION_EXAMPLES
from schema.build import build_schema
from tests.gateway_client import load_test_settings

SCHEMA = build_schema()._schema
WORKED = (*EXAMPLES, *MUTATION_EXAMPLES)
GENERATED = every_mutation(SCHEMA, WORKED)


def test_worked_examples_and_these_show_every_mutation_once() -> None:
    assert SCHEMA.mutation_type is not None
    for name in SCHEMA.mutation_type.fields:
        shown = [example.name for example in (*WORKED, *GENERATED) if f"  {name}(" in example.query]
        assert len(shown) == 1, name
    assert len({example.name for example in (*WORKED, *GENERATED)}) == len(WORKED) + len(GENERATED)


@pytest.mark.parametrize("example", GENERATED, ids=lambda example: example.name)
def test_an_example_fits_the_schema_with_its_variables(example: Example) -> None:
    document = parse(example.query)
    assert validate(SCHEMA, document) == []
    (operation,) = document.definitions
    values = get_variable_values(SCHEMA, operation.variable_definitions, dict(example.variables))  # type: ignore[attr-defined]
    assert not isinstance(values, list), values
    assert not example.tab
    assert example.description.endswith(".")


async def test_the_page_shows_examples_that_came_after_the_start(assets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's tour makes ids that its last examples need; a mutation that one of them shows is shown once."""
    monkeypatch.setattr("gateway.app.ASSETS", assets)
    shown = [*EXAMPLES]
    app = create_app(load_test_settings("http://127.0.0.1:9"), examples=shown)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as http:
        pages = []
        for _ in range(2):
            page = (await http.get("/graphql", headers={"Accept": "text/html"})).text
            (settings,) = re.findall(r'id="explorer-settings">(.*?)</script>', page)
            pages.append([example["name"] for example in json.loads(settings)["examples"]])
            shown.append(APPROVE)
    before, after = pages
    assert {"ApproveDeployment"} == set(before) - set(after)
    assert {"Approve"} == set(after) - set(before)
