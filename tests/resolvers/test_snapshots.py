"""resolvers.snapshots: the runtimes that run each of many snapshots now, and how many nobody can tell of."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from auth.permissions import Permission
from aws.client.operations import WRITE_OPERATIONS
from aws.kinds.kind import Kind
from aws.kinds.snapshots import Snapshot
from aws.write.snapshot_inputs import NewSnapshot, NewVariant
from registry import audit, snapshot_notes, tables
from registry.audit import AuditCriteria
from registry.database import Database
from registry.snapshot_notes import SnapshotNoteKey
from resolvers.errors import BadInputError
from resolvers.lists.connections import Connection, PageArguments
from resolvers.lookups import NAME_RULE
from resolvers.mutations.aws_changes import Targeted
from resolvers.node_ids import decode_node_id
from resolvers.snapshots import create_snapshot, delete_snapshot, runtimes_of_snapshots
from resolvers.views.resource_view import LiveView
from sandbox.server import Sandbox
from tests.gateway_client import (
    NO_CACHE_AGES,
    RISK,
    GatewayClient,
    GraphQLResponse,
    OpenGateway,
    assume_role_entry,
    credential_settings,
    fresh_database,
)
from tests.registry.factories import row_counts
from tests.resolvers.harness import MutationHarness, assert_refused
from tests.sagemaker_builder import START, building

PAGE = PageArguments(10, None)


@pytest.fixture
async def view(harness: MutationHarness) -> AsyncIterator[LiveView]:
    """Risk's SageMaker, with a runtime that was moved from one snapshot to another, and one that was not."""
    with building(harness.sandbox) as things:
        things.model("churn")
        for name in ("one", "two", "idle"):
            things.snapshot(name, "churn")
        things.runtime("stays", "one")
        things.runtime("moved", "one")
        things.runtime("hidden", "two")
    harness.sandbox.call("UpdateEndpoint", RISK.account, RISK.region, EndpointName="moved", EndpointConfigName="two")
    harness.sandbox.advance(600)
    async with harness.request("ann", "risk") as request:
        yield await request.view()


async def found(view: LiveView, *names: str, page: PageArguments = PAGE) -> list[Any]:
    """The page of runtimes of each of these snapshots."""
    described = await view.inventory.describe(Kind.SNAPSHOT, names)
    return list(
        await runtimes_of_snapshots(
            view, [resource for name in names if isinstance(resource := described[name], Snapshot)], page
        )
    )


def read(page: Connection[Any]) -> tuple[list[str], int | None, int]:
    """The names on a page, how many there are in all, and of how many more nobody can tell."""
    return [node.name for node in page.nodes], page.total_count, page.unreadable_count


async def test_a_runtime_is_its_present_snapshots(view: LiveView, harness: MutationHarness) -> None:
    harness.take_aws_calls()
    pages = await found(view, "idle", "two", "one")
    assert [read(page) for page in pages] == [([], 0, 0), (["hidden", "moved"], 2, 0), (["stays"], 1, 0)]
    asked = harness.take_aws_calls()
    assert (asked["ListEndpoints"], asked["DescribeEndpoint"]) == (1, 3)


async def test_one_that_may_not_be_read_may_be_any_snapshots(view: LiveView, harness: MutationHarness) -> None:
    harness.sandbox.faults.refuse("DescribeEndpoint", name="hidden")
    pages = await found(view, "idle", "two")
    assert [read(page) for page in pages] == [([], 0, 1), (["moved"], 1, 1)]


async def test_a_cursor_is_good_for_its_snapshot_alone(view: LiveView) -> None:
    (first,) = await found(view, "two", page=PageArguments(1, None))
    assert (first.page_info.has_next_page, read(first)) == (True, (["hidden"], 2, 0))
    rest, other = await found(view, "two", "one", page=PageArguments(1, first.page_info.end_cursor))
    assert (rest.page_info.has_next_page, read(rest)) == (False, (["moved"], 2, 0))
    assert isinstance(other, BadInputError)


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

    async def update(self, value: Mapping[str, Any], groups: tuple[str, ...] = ("risk",)) -> GraphQLResponse:
        """Changes what is kept with the snapshot `one`, unless another is given."""
        return await self.gateway.ask(UPDATE, {"i": {"name": "one", **value}}, groups=groups)


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
    assert [(event.action, event.target, event.group, event.role_arn) for event in events] == [
        ("updateSnapshot", "Snapshot one", "risk", RISK.role_arn)
    ] * 2


async def test_each_group_has_its_own(kept: Kept) -> None:
    await kept.update({"customMetadata": {"a": 1}})
    await kept.update({"customMetadata": {"b": 2}}, groups=("other",))
    result = [
        (await kept.gateway.ask('{ snapshot(name: "one") { customMetadata } }', groups=groups)).data["snapshot"]
        for groups in (("risk",), ("other",))
    ]
    assert result == [{"customMetadata": {"a": 1}}, {"customMetadata": {"b": 2}}]


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

    monkeypatch.setattr("resolvers.snapshots.snapshot_notes.of_snapshots", counted)
    await kept.gateway.ask("{ snapshots { nodes { customMetadata createdByImport } } }")
    assert asked == [{"one", "two", "three"}]


DEEP: Any = {}
for _ in range(10):
    DEEP = {"a": DEEP}


@pytest.mark.parametrize(
    ("value", "code", "field", "message"),
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
            f"`no name` is not a valid name of any endpoint configuration: {NAME_RULE}",
        ),
        (
            {"region": "us-west-2", "customMetadata": {}},
            "INVALID",
            ["region"],
            "The role of the group `risk` is not set up for the region `us-west-2`; it is for: eu-west-1.",
        ),
        ({"customMetadata": [1]}, "INVALID", ["customMetadata"], "Custom metadata must be a JSON object."),
        ({"customMetadata": "text"}, "INVALID", ["customMetadata"], "Custom metadata must be a JSON object."),
        (
            {"customMetadata": DEEP},
            "INVALID",
            ["customMetadata"],
            "Custom metadata may have 10 levels of objects and lists, and this has more.",
        ),
        (
            {"customMetadata": {"a": "x" * 65_536}},
            "INVALID",
            ["customMetadata"],
            "Custom metadata may have 65,536 bytes as JSON, and this would have 65,544.",
        ),
    ],
)
async def test_what_cannot_be_done_leaves_nothing(
    kept: Kept, value: dict[str, Any], code: str, field: list[str], message: str
) -> None:
    answer = await kept.update(value)
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
        text = [(error["code"], error["field"]) for error in answer.data["it"]["userErrors"]]
        assert text == [("INVALID", ["name"]), ("INVALID", ["customMetadata"])]
        answer = await kept.update({"customMetadata": metadata})
        assert [error["field"] for error in answer.data["it"]["userErrors"]] == [["customMetadata"]]
    assert sandbox.calls.count() == 0


MAY = Permission.DEPLOY
NEW = NewSnapshot(name="new", variants=(NewVariant(model_name="churn", instance_type="ml.m5.large"),))


@pytest.fixture
def counter(harness: MutationHarness) -> MutationHarness:
    """A harness, with a snapshot in AWS."""
    with building(harness.sandbox) as things:
        things.model("churn")
        things.snapshot("old", "churn")
    harness.take_aws_calls()
    return harness


def there(harness: MutationHarness) -> list[str]:
    """The names of the snapshots in AWS."""
    result = harness.sandbox.call("ListEndpointConfigs", RISK.account, RISK.region)["EndpointConfigs"]
    return sorted(item["EndpointConfigName"] for item in result)


async def test_it_is_made_once(counter: MutationHarness) -> None:
    for created in (True, False):
        async with counter.mutation(MAY) as context:
            payload = await create_snapshot(context, Targeted(NEW))
        assert payload.snapshot is not None
        assert (payload.snapshot.name, payload.created, payload.user_errors) == ("new", created, ())
        assert context.target == "Snapshot new"
    assert there(counter) == ["new", "old"]


async def test_it_is_deleted_and_told_by_its_id(counter: MutationHarness) -> None:
    async with counter.mutation(MAY, "ann", "risk", "other") as context:
        payload = await delete_snapshot(context, Targeted("old", "other", RISK.region))
    assert payload.deleted_snapshot_id is not None
    node_id = decode_node_id(payload.deleted_snapshot_id)
    assert (node_id.name, node_id.group) == ("old", "other")
    assert (context.target, context.group, context.role_arn) == ("Snapshot old", "other", RISK.role_arn)
    assert there(counter) == []


@pytest.mark.parametrize(
    ("change", "item", "target"), [(create_snapshot, NEW, "Snapshot new"), (delete_snapshot, "old", "Snapshot old")]
)
async def test_whoever_may_not_changes_nothing(counter: MutationHarness, change: Any, item: Any, target: str) -> None:
    await assert_refused(counter, MAY, change, item, target)
    assert there(counter) == ["old"]
