"""What may be asked of an import: plans that change nothing, and inputs that are at fault before anything is done."""

from typing import Any

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, RISK, OpenGateway, assume_role_entry, credential_settings
from tests.imports import IMPORT_SETTINGS, PLAN, SYNC, ask_import, audit_events, import_model, row_counts, run_changes

MODEL, BARE = "credit-risk-scorer-v7", "ifrs9-macro-scenarios"
NUL, HALF = "a\x00b", "\ud800"
TABLES = ("registrations", "import_runs", "elements", "import_changes")


def deep(levels: int) -> dict[str, Any]:
    return {"a": deep(levels - 1)} if levels else {}


FAULTS: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "no such model": ({"modelName": "nothing"}, "NOT_FOUND", ["modelName"]),
    "an empty name": ({"modelName": ""}, "INVALID", ["modelName"]),
    "a name with a space": ({"modelName": "a b"}, "INVALID", ["modelName"]),
    "a name with an end": ({"modelName": "a\n"}, "INVALID", ["modelName"]),
    "a name that is an ARN": ({"modelName": RISK.arn("model", MODEL)}, "INVALID", ["modelName"]),
    "a long name": ({"modelName": "a" * 64}, "INVALID", ["modelName"]),
    "a very long name": ({"modelName": "a" * 20_000}, "INVALID", ["modelName"]),
    "a name with a NUL": ({"modelName": NUL}, "INVALID", ["modelName"]),
    "another region": ({"region": "us-east-2"}, "INVALID", ["region"]),
    "no region": ({"region": ""}, "INVALID", ["region"]),
    "an empty display name": ({"displayName": " "}, "INVALID", ["displayName"]),
    "a long display name": ({"displayName": "a" * 257}, "INVALID", ["displayName"]),
    "a display name with a NUL": ({"displayName": NUL}, "INVALID", ["displayName"]),
    "a huge description": ({"description": "a" * 10_001}, "INVALID", ["description"]),
    "a description with a NUL": ({"description": NUL}, "INVALID", ["description"]),
    "metadata too deep": ({"customMetadata": deep(11)}, "INVALID", ["customMetadata"]),
    "metadata too large": ({"customMetadata": {"a": "b" * 70_000}}, "INVALID", ["customMetadata"]),
    "metadata with a NUL": ({"customMetadata": {"a": NUL}}, "INVALID", ["customMetadata"]),
    "metadata that is a list": ({"customMetadata": [1]}, "INVALID", ["customMetadata"]),
    "metadata that is a text": ({"customMetadata": "text"}, "INVALID", ["customMetadata"]),
}


async def test_inputs_at_fault(sandbox: Sandbox, estate: Estate, open_gateway: OpenGateway, sqlite_url: str) -> None:
    """Each is told with its field; no run begins, and AWS is asked for nothing but the model that is not there."""
    async with open_gateway(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        for fault, (value, code, field) in FAULTS.items():
            sandbox.calls.clear()
            payload = (await ask_import(gateway, value.get("modelName", MODEL), value)).data["importModel"]
            assert payload["registration"] is None, fault
            (error,) = payload["userErrors"]
            assert (error["code"], error["field"]) == (code, field), fault
            assert error["message"].endswith((".", ".)")), fault
            assert await row_counts(sqlite_url, *TABLES) == (0, 0, 0, 0), fault
            event, *_ = await audit_events(sqlite_url)
            assert (event.action, event.outcome.value, event.detail) == ("importModel", "FAILED", error["message"])
            asked = {"AssumeRole": 1, "DescribeModel": 1} if fault == "no such model" else {}
            assert sandbox.calls.by_operation() == asked, fault
    assert len(await audit_events(sqlite_url)) == len(FAULTS)


async def test_every_fault_is_told_at_once(sandbox: Sandbox, open_gateway: OpenGateway, sqlite_url: str) -> None:
    value = {"displayName": " ", "description": NUL, "customMetadata": [1]}
    async with open_gateway(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        answer = await ask_import(gateway, "a b", value)
    errors = answer.data["importModel"]["userErrors"]
    assert [(error["code"], error["field"]) for error in errors] == [
        ("INVALID", [field]) for field in ("modelName", "displayName", "description", "customMetadata")
    ]
    assert await row_counts(sqlite_url, *TABLES) == (0, 0, 0, 0)
    assert sandbox.calls.by_operation() == {}


async def test_null_leaves_it_to_the_settings(sandbox: Sandbox, estate: Estate, open_working: OpenGateway) -> None:
    nothing = dict.fromkeys(("region", "group", "displayName", "description", "credentials", "dryRun",
                             "createDefaultSnapshot", "startDeployments", "customMetadata"))  # fmt: skip
    async with open_working(**IMPORT_SETTINGS) as gateway:
        payload = await import_model(gateway, BARE, nothing)
    assert payload["registration"]["displayName"] == BARE
    assert ("SNAPSHOT", f"{BARE}-default", "ADDED") in run_changes(payload)


async def test_a_registration_to_sync_that_is_not_there(
    sandbox: Sandbox, estate: Estate, open_gateway: OpenGateway, sqlite_url: str
) -> None:
    async with open_gateway(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        for unknown in ("", "x", "UmVnaXN0cmF0aW9uOjAxYTIxODZiZWFjODlkNjk1OWU0MTgzNzM1NjFlMTlj", NUL):
            answer = await gateway.ask(SYNC, {"input": {"id": unknown}})
            (error,) = answer.data["syncRegistration"]["userErrors"]
            assert (error["code"], error["field"]) == ("NOT_FOUND", ["id"])
    assert sandbox.calls.count() == 0


async def test_a_group_that_has_another_account_now(
    sandbox: Sandbox, estate: Estate, open_working: OpenGateway, sqlite_url: str
) -> None:
    """The model is in the account that the group had; its sync is a conflict, and the old account is not asked."""
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        payload = await import_model(gateway, MODEL)
    moved = credential_settings(assume_role_entry(MARKETING, "risk", region=RISK.region))
    sandbox.calls.clear()
    async with open_working(**IMPORT_SETTINGS, **moved, database={"url": sqlite_url}) as gateway:
        answer = await gateway.ask(SYNC, {"input": {"id": payload["registration"]["id"]}})
    (error,) = answer.data["syncRegistration"]["userErrors"]
    assert (error["code"], error["field"]) == ("CONFLICT", ["id"])
    assert "DescribeModel" not in sandbox.calls.by_operation()


async def test_a_plan_changes_nothing_and_says_what_the_import_will(
    sandbox: Sandbox, estate: Estate, open_working: OpenGateway, sqlite_url: str
) -> None:
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        sandbox.calls.clear()
        cold = (await gateway.ask(PLAN, {"input": {"modelName": BARE}})).data["importPlan"]
        assert cold["awsCalls"] == 2 + sum(
            count for name, count in sandbox.calls.by_operation().items() if name != "AssumeRole"
        )
        dry = (await import_model(gateway, BARE, {"dryRun": True}))["plan"]
        assert {**dry, "awsCalls": 0} == {**cold, "awsCalls": 0}
        assert (dry["exists"], dry["alreadyImported"], dry["willCreateSnapshot"]) == (True, False, f"{BARE}-default")
        assert dry["awsCalls"] == 2
        assert sandbox.calls.count("CreateEndpointConfig") == 0
        assert await row_counts(sqlite_url, *TABLES) == (0, 0, 0, 0)
        planned = sorted((item["kind"], item["name"], item["change"]) for item in dry["elements"]["nodes"])
        payload = await import_model(gateway, BARE)
        assert run_changes(payload) == sorted([*planned, ("SNAPSHOT", f"{BARE}-default", "ADDED")])
        again = (await gateway.ask(PLAN, {"input": {"modelName": BARE}})).data["importPlan"]
        assert (again["alreadyImported"], again["willCreateSnapshot"]) == (True, None)
        assert {element["change"] for element in again["elements"]["nodes"]} == {"UNCHANGED"}
        off = await gateway.ask(PLAN, {"input": {"modelName": "nothing", "createDefaultSnapshot": False}})
        plan = off.data["importPlan"]
        assert (plan["exists"], plan["elements"]["totalCount"], plan["willCreateSnapshot"]) == (False, 0, None)


async def test_a_dry_run_of_what_is_not_there(sandbox: Sandbox, estate: Estate, open_gateway: OpenGateway) -> None:
    """It has the plan that importPlan gives, and the error that the import would have."""
    async with open_gateway(**IMPORT_SETTINGS) as gateway:
        payload = (await ask_import(gateway, "nothing", {"dryRun": True})).data["importModel"]
        plan = (await gateway.ask(PLAN, {"input": {"modelName": "nothing"}})).data["importPlan"]
    assert {**payload["plan"], "awsCalls": 0} == {**plan, "awsCalls": 0}
    assert plan["exists"] is False
    assert [(item["code"], item["field"]) for item in payload["userErrors"]] == [("NOT_FOUND", ["modelName"])]


async def test_a_plan_says_which_deployments_will_not_be_started(
    sandbox: Sandbox, estate: Estate, open_gateway: OpenGateway
) -> None:
    permissions = [{"group": "risk", "allow": ["READ", "IMPORT"]}]
    wanted = {"modelName": MODEL, "createDefaultSnapshot": False}
    async with open_gateway(**{**IMPORT_SETTINGS, "permissions": permissions}) as gateway:
        for starts in (True, False):
            plan = (await gateway.ask(PLAN, {"input": {**wanted, "startDeployments": starts}})).data["importPlan"]
            assert plan["problems"] == ([{"kind": "SNAPSHOT", "code": "FORBIDDEN"}] if starts else [])


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"modelName": "not a name"}, "BAD_USER_INPUT"),
        ({"modelName": "a" * 64}, "BAD_USER_INPUT"),
        ({"modelName": MODEL, "region": "moon"}, "BAD_USER_INPUT"),
        ({"modelName": MODEL, "group": "marketing"}, "FORBIDDEN"),
    ],
)
async def test_a_plan_at_fault(
    sandbox: Sandbox, estate: Estate, open_gateway: OpenGateway, value: dict[str, Any], code: str
) -> None:
    async with open_gateway(**IMPORT_SETTINGS) as gateway:
        answer = await gateway.ask(PLAN, {"input": value})
    assert (answer.codes, answer.body["data"], sandbox.calls.count()) == ([code], {"importPlan": None}, 0)


async def test_pages_of_what_was_found(sandbox: Sandbox, estate: Estate, open_working: OpenGateway) -> None:
    """Every change once, in order; a cursor of another run is refused."""
    page = """query($id: ID!, $after: String) { node(id: $id) { ... on ImportRun { changes(first: 5, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } nodes { name }
    } } } }"""
    async with open_working(**IMPORT_SETTINGS) as gateway:
        run = (await import_model(gateway, MODEL))["importRun"]
        other = (await import_model(gateway, "credit-risk-scorer-v6"))["importRun"]
        names: list[str] = []
        after = None
        for size in (5, 5, 2):
            result = (await gateway.ask(page, {"id": run["id"], "after": after})).data["node"]["changes"]
            assert (result["totalCount"], len(result["nodes"])) == (12, size)
            names += [item["name"] for item in result["nodes"]]
            after = result["pageInfo"]["endCursor"]
        assert result["pageInfo"]["hasNextPage"] is False
        assert names == [element["name"] for element in run["changes"]["nodes"]]
        assert (await gateway.ask(page, {"id": other["id"], "after": after})).codes == ["BAD_USER_INPUT"]


async def test_a_literal_input(sandbox: Sandbox, estate: Estate, open_working: OpenGateway) -> None:
    """What needs no variables takes none."""
    query = f'mutation {{ importModel(input: {{modelName: "{MODEL}", dryRun: true}}) {{ plan {{ exists }} }} }}'
    async with open_working(**IMPORT_SETTINGS) as gateway:
        assert (await gateway.ask(query)).data == {"importModel": {"plan": {"exists": True}}}
