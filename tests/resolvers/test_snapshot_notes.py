"""resolvers.snapshot_notes: what a group keeps with a snapshot, changed and read again over HTTP."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from aws.operations import WRITE_OPERATIONS
from registry import audit, snapshot_notes, tables
from registry.audit import AuditCriteria
from registry.database import Database
from registry.snapshot_notes import SnapshotNoteKey
from sandbox.server import Sandbox
from tests.asking import (
    NO_CACHE_AGES,
    RISK,
    GatewayClient,
    GraphQLResponse,
    OpenGateway,
    assume_role_entry,
    credential_settings,
    fresh_database,
)
from tests.making import START, building
from tests.registry.making import row_counts

PERMISSIONS = [
    {"group": "*", "allow": ["READ"]},
    {"group": "risk", "allow": ["IMPORT"]},
    {"group": "other", "allow": ["IMPORT"]},
]
UPDATE = """mutation($i: UpdateSnapshotInput!) { it: updateSnapshot(input: $i) {
  snapshot { name customMetadata createdByImport } userErrors { message code field } } }"""


@dataclass(frozen=True)
class Kept:
    """A gateway of two groups with one role, and its database."""

    gateway: GatewayClient
    database: Database

    async def update(self, given: Mapping[str, Any], groups: tuple[str, ...] = ("risk",)) -> GraphQLResponse:
        """Changes what is kept with the snapshot `one`, unless another is given."""
        return await self.gateway.ask(UPDATE, {"i": {"name": "one", **given}}, groups=groups)


@pytest.fixture
async def kept(open_gateway: OpenGateway, sandbox: Sandbox) -> AsyncIterator[Kept]:
    with building(sandbox) as things:
        things.model("model")
        for name in ("one", "two", "three"):
            things.snapshot(name, "model")
    url = fresh_database()
    served = credential_settings(assume_role_entry(RISK), assume_role_entry(RISK, "other"))
    async with (
        open_gateway(**served, permissions=PERMISSIONS, database={"url": url}, sagemaker=NO_CACHE_AGES) as gateway,
        Database(url) as database,
    ):
        yield Kept(gateway, database)


async def test_it_is_patched_and_read_again(kept: Kept, sandbox: Sandbox) -> None:
    first = await kept.update({"customMetadata": {"owner": {"team": "a", "since": 2024}, "tier": 1}})
    assert first.data["it"] == {
        "snapshot": {
            "name": "one",
            "customMetadata": {"owner": {"team": "a", "since": 2024}, "tier": 1},
            "createdByImport": False,
        },
        "userErrors": [],
    }
    await kept.update({"customMetadata": {"owner": {"since": None}, "tier": [2]}})
    answer = await kept.gateway.ask("{ snapshots { nodes { name customMetadata createdByImport } } }")
    assert answer.data["snapshots"]["nodes"] == [
        {"name": "three", "customMetadata": {}, "createdByImport": False},
        {"name": "two", "customMetadata": {}, "createdByImport": False},
        {"name": "one", "customMetadata": {"owner": {"team": "a"}, "tier": [2]}, "createdByImport": False},
    ]
    assert not sandbox.calls.by_operation().keys() & WRITE_OPERATIONS.keys()
    async with kept.database.reading() as connection:
        events = (await audit.page(connection, AuditCriteria(groups=None), 10)).records
    assert [(each.action, each.target, each.group, each.role_arn) for each in events] == [
        ("updateSnapshot", "Snapshot one", "risk", RISK.role_arn)
    ] * 2


async def test_each_group_has_its_own(kept: Kept) -> None:
    await kept.update({"customMetadata": {"a": 1}})
    await kept.update({"customMetadata": {"b": 2}}, groups=("other",))
    found = [
        (await kept.gateway.ask('{ snapshot(name: "one") { customMetadata } }', groups=groups)).data["snapshot"]
        for groups in (("risk",), ("other",))
    ]
    assert found == [{"customMetadata": {"a": 1}}, {"customMetadata": {"b": 2}}]


async def test_a_snapshot_made_anew_has_nothing(kept: Kept, sandbox: Sandbox) -> None:
    await kept.update({"customMetadata": {"a": 1}})
    sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="one")
    with building(sandbox) as things:
        things.snapshot("one", "model", at=START.replace(year=2027))
    answer = await kept.gateway.ask('{ snapshot(name: "one") { customMetadata } }')
    assert answer.data["snapshot"] == {"customMetadata": {}}


async def test_an_import_marks_what_it_made(kept: Kept) -> None:
    made = START.replace(hour=1)
    noted = SnapshotNoteKey("risk", RISK.account, RISK.region, "one", made)
    async with kept.database.writing() as connection:
        await snapshot_notes.mark_created_by_import(connection, noted)
    answer = await kept.gateway.ask('{ snapshot(name: "one") { createdByImport customMetadata creationTime } }')
    assert answer.data["snapshot"] == {
        "createdByImport": True,
        "customMetadata": {},
        "creationTime": made.isoformat(),
    }


async def test_all_of_a_list_takes_one_statement(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[set[str]] = []
    plain = snapshot_notes.of_snapshots

    async def counted(connection: Any, group: str, account_id: str, region: str, snapshots: Any) -> Any:
        asked.append({name for name, _ in snapshots})
        return await plain(connection, group, account_id, region, snapshots)

    monkeypatch.setattr("resolvers.snapshot_notes.snapshot_notes.of_snapshots", counted)
    await kept.gateway.ask("{ snapshots { nodes { customMetadata createdByImport } } }")
    assert asked == [{"one", "two", "three"}]


DEEP: Any = {}
for _ in range(10):
    DEEP = {"a": DEEP}


@pytest.mark.parametrize(
    ("given", "code", "field", "message"),
    [
        (
            {"name": "gone", "customMetadata": {}},
            "NOT_FOUND",
            ["name"],
            f"SageMaker has no endpoint configuration `gone` in account {RISK.account}, {RISK.region}.",
        ),
        (
            {"name": "no name", "customMetadata": {}},
            "INVALID",
            ["name"],
            "This cannot be the name of a snapshot: names are 1 to 63 letters and digits, hyphens only in between.",
        ),
        (
            {"region": "us-west-2", "customMetadata": {}},
            "INVALID",
            ["region"],
            "The role of the group `risk` is not set up for the region `us-west-2`; it is for: eu-west-1.",
        ),
        ({"customMetadata": [1]}, "INVALID", ["customMetadata"], "Custom metadata is a JSON object; give one."),
        ({"customMetadata": "text"}, "INVALID", ["customMetadata"], "Custom metadata is a JSON object; give one."),
        (
            {"customMetadata": DEEP},
            "INVALID",
            ["customMetadata"],
            "Custom metadata may have 10 levels of objects and lists; this has more.",
        ),
        (
            {"customMetadata": {"a": "x" * 65_536}},
            "INVALID",
            ["customMetadata"],
            "Custom metadata may have 65,536 bytes as JSON; this would make 65,544.",
        ),
    ],
)
async def test_what_cannot_be_done_leaves_nothing(
    kept: Kept, given: dict[str, Any], code: str, field: list[str], message: str
) -> None:
    answer = await kept.update(given)
    assert answer.data["it"] == {
        "snapshot": None,
        "userErrors": [{"message": message, "code": code, "field": field}],
    }
    assert await row_counts(kept.database, [tables.snapshot_notes]) == [0]


async def test_every_fault_is_told_at_once_and_before_aws(kept: Kept, sandbox: Sandbox) -> None:
    await kept.gateway.ask("{ me { subject } }")
    sandbox.calls.clear()
    for metadata in ([1], {"a": "\0"}, {"a": "x" * 70_000}):
        answer = await kept.update({"name": "no name", "customMetadata": metadata})
        told = [(error["code"], error["field"]) for error in answer.data["it"]["userErrors"]]
        assert told == [("INVALID", ["name"]), ("INVALID", ["customMetadata"])]
        answer = await kept.update({"customMetadata": metadata})
        assert [error["field"] for error in answer.data["it"]["userErrors"]] == [["customMetadata"]]
    assert sandbox.calls.count() == 0
