"""gateway.mcp.tools: which documents are tools, what they take, and that those that ship are few and short."""

import json
from typing import Any

import pytest

from auth.permissions import Permission
from gateway.mcp.tools import Toolbox, shipped_documents, tool_of
from schema.build import GatewaySchema, build_schema
from schema.limits.trusted_documents import trusted_set

QUESTIONS = {
    "find_by_name",
    "what_changed",
    "what_is_idle",
    "what_waits_for_approval",
    "what_went_wrong",
    "what_would_an_import_do",
    "where_is_model_served",
    "who_am_i",
    "who_did_what",
    "why_is_job_of_model",
}
STOP = '"""Stop a job""" mutation stop_job($input: StopJobInput!) { stopJob(input: $input) { userErrors { message } } }'
APPROVE = (
    '"""Approve""" mutation approve($id: ID!) { ...Root } '
    "fragment Root on Mutation { approveDeployment(input: {id: $id}) { userErrors { message } } }"
)
OTHERS = {
    "undescribed": "query undescribed { me { subject } }",
    "unnamed": '"""Whoever""" query { me { subject } }',
    "two": '"""One""" query one { me { subject } } """Two""" query two { me { subject } }',
    "live": '"""Watch""" subscription live($id: ID!) { importRunChanged(id: $id) { at } }',
    "approve": APPROVE,
}


@pytest.fixture(scope="module")
def schema() -> GatewaySchema:
    """A schema with the documents that ship."""
    schema = build_schema()
    schema.trusted.ship(shipped_documents(schema))
    return schema


def tools(schema: GatewaySchema, texts: dict[str, str], *, mutations: bool = False) -> dict[str, Any]:
    schema.trusted.replace(trusted_set(schema._schema, texts))
    return dict(Toolbox(schema, mutations=mutations).tools())


def test_ten_questions_ship_within_twenty_thousand_bytes(schema: GatewaySchema) -> None:
    found = tools(schema, {})
    assert found.keys() == QUESTIONS
    sizes = [len(json.dumps([one.name, one.description, one.input_schema])) for one in found.values()]
    assert sum(sizes) <= 20_000
    assert not any(one.changes for one in found.values())
    assert {name for name, one in found.items() if one.takes} == {"who_did_what"}
    assert found["who_did_what"].takes == {Permission.AUDIT}


def test_every_argument_is_described(schema: GatewaySchema) -> None:
    for tool in tools(schema, {}).values():
        assert all("description" in argument for argument in tool.input_schema["properties"].values()), tool.name


def test_only_documents_of_one_described_operation_are_tools(schema: GatewaySchema) -> None:
    own = {"idle": '"""Mine""" query mine { me { subject } }'}
    assert tools(schema, {**OTHERS, **own}, mutations=True).keys() == QUESTIONS | {"mine"}


def test_mutations_are_tools_behind_the_switch_alone(schema: GatewaySchema) -> None:
    assert "stop_job" not in tools(schema, {"stop": STOP})
    stop = tools(schema, {"stop": STOP}, mutations=True)["stop_job"]
    assert (stop.changes, stop.takes) == (True, {Permission.CREATE_JOBS})


@pytest.mark.parametrize("field", ["approveDeployment", "rejectDeployment", "updateModelPackage"])
def test_what_approves_or_rejects_is_never_a_tool(schema: GatewaySchema, field: str) -> None:
    asked = 'input: {arn: "arn", decision: APPROVED}' if field == "updateModelPackage" else 'input: {id: "1"}'
    text = f'"""Decide""" mutation decide {{ {field}({asked}) {{ userErrors {{ message }} }} }}'
    (document,) = trusted_set(schema._schema, {"decide": text}).by_text.values()
    assert tool_of(schema, document, text) is None


def test_a_name_that_is_taken_is_no_second_tool(schema: GatewaySchema, caplog: pytest.LogCaptureFixture) -> None:
    text = '"""Another""" query who_am_i { me { groups } }'
    found = tools(schema, {"own/who": text})
    assert found["who_am_i"].text != text
    assert "own/who" in caplog.text


def test_tools_change_with_the_documents(schema: GatewaySchema) -> None:
    schema.trusted.replace(trusted_set(schema._schema, {}))
    toolbox = Toolbox(schema, mutations=False)
    assert toolbox.tools() is toolbox.tools()
    schema.trusted.replace(trusted_set(schema._schema, {"mine": '"""Mine""" query mine { me { subject } }'}))
    assert "mine" in toolbox.tools()


def test_shipped_documents_do_not_count_as_chosen_ones(schema: GatewaySchema) -> None:
    schema.trusted.replace(trusted_set(schema._schema, {}))
    assert len(schema.trusted) == 0
    assert schema.trusted.text("mcp/who_am_i") is not None
