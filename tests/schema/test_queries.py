"""schema.queries: pages of registrations and of the audit: their order, filters, cursors and ids."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from registry import audit
from registry.audit import NewAuditEvent
from registry.database import Database
from registry.enums import AuditOutcome
from registry.ids import encode_own_id, new_key
from tests.gateway_client import GatewayClient, OpenGateway, fresh_database
from tests.registry.factories import NOON, create_registration, minutes_after_noon

PERMISSIONS = [
    {"group": "*", "allow": ["READ"]},
    {"group": "risk", "allow": ["AUDIT"]},
    {"group": "mlops", "allow": ["AUDIT"], "over": ["risk", "marketing"]},
]
MLOPS = ("mlops",)


@dataclass(frozen=True)
class Kept:
    """A gateway and what its registry has: registrations by the names of their models, and events by their actors."""

    gateway: GatewayClient
    database: Database
    registrations: dict[str, str]


@pytest.fixture
async def kept(open_gateway: OpenGateway) -> AsyncIterator[Kept]:
    url = fresh_database()
    async with (
        open_gateway(permissions=PERMISSIONS, database={"url": url}) as gateway,
        Database(url) as database,
    ):
        made = {
            name: (
                await create_registration(database, name, imported_at=minutes_after_noon(minutes), group=group, **more)
            ).id
            for minutes, (name, group, more) in enumerate(
                [
                    ("churn", "risk", {"display_name": "Who will leave"}),
                    ("fraud", "risk", {}),
                    ("offers", "marketing", {"display_name": "Churn offers"}),
                    ("hidden", "finance", {}),
                    ("fraud-2", "risk", {}),
                ]
            )
        }
        yield Kept(gateway, database, made)


REGISTRATIONS = """query($first: Int, $after: String, $filter: RegistrationFilter) {
  it: registrations(first: $first, after: $after, filter: $filter) {
    totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { cursor } nodes { modelName } } }"""


async def names(stored: Kept, groups: tuple[str, ...] = MLOPS, **asked: Any) -> tuple[list[str], int]:
    """The models of the registrations that are listed, and how many there are in all."""
    answer = await stored.gateway.ask(REGISTRATIONS, asked, groups=groups)
    it = answer.data["it"]
    return [node["modelName"] for node in it["nodes"]], it["totalCount"]


WHICH_REGISTRATIONS: list[tuple[tuple[str, ...], dict[str, Any], list[str]]] = [
    (MLOPS, {}, ["fraud-2", "offers", "fraud", "churn"]),
    (("risk",), {}, ["fraud-2", "fraud", "churn"]),
    (("risk", "marketing"), {}, ["fraud-2", "offers", "fraud", "churn"]),
    (("nobody",), {}, []),
    (MLOPS, {"group": "risk"}, ["fraud-2", "fraud", "churn"]),
    (MLOPS, {"group": None}, ["fraud-2", "offers", "fraud", "churn"]),
    (MLOPS, {"nameContains": "fraud"}, ["fraud-2", "fraud"]),
    # A part of the display name or of the model's, in upper or lower case.
    (MLOPS, {"nameContains": "churn"}, ["offers", "churn"]),
    (MLOPS, {"nameContains": "CHURN"}, ["offers", "churn"]),
    (MLOPS, {"nameContains": ""}, ["fraud-2", "offers", "fraud", "churn"]),
    (MLOPS, {"nameContains": "%"}, []),
    (MLOPS, {"group": "marketing", "nameContains": "fraud"}, []),
]


async def test_which_registrations(kept: Kept) -> None:
    for groups, value, result in WHICH_REGISTRATIONS:
        assert await names(kept, groups, filter=value) == (result, len(result)), (groups, value)


async def test_registrations_page_by_page(kept: Kept) -> None:
    pages: list[tuple[list[str], int, bool, bool]] = []
    after = None
    for _ in range(2):
        it = (await kept.gateway.ask(REGISTRATIONS, {"first": 2, "after": after}, groups=MLOPS)).data["it"]
        info, result = it["pageInfo"], [node["modelName"] for node in it["nodes"]]
        pages.append((result, it["totalCount"], info["hasPreviousPage"], info["hasNextPage"]))
        after = info["endCursor"]
        assert after == it["edges"][-1]["cursor"]
    assert pages == [(["fraud-2", "offers"], 4, False, True), (["fraud", "churn"], 4, True, False)]


async def test_a_cursor_holds_for_its_list_alone(kept: Kept) -> None:
    """Not with another filter, not for somebody who sees other groups, and not when it was changed."""
    answer = await kept.gateway.ask(REGISTRATIONS, {"first": 1}, groups=MLOPS)
    cursor = answer.data["it"]["pageInfo"]["endCursor"]
    assert (await names(kept, after=cursor))[0] == ["offers", "fraud", "churn"]
    for groups, after, value in (
        (("risk",), cursor, None),
        (MLOPS, cursor, {"nameContains": "fraud"}),
        (MLOPS, cursor[:-1] + ("A" if cursor[-1] != "A" else "B"), None),
        (MLOPS, "anything", None),
    ):
        refused = await kept.gateway.ask(REGISTRATIONS, {"after": after, "filter": value}, groups=groups)
        assert (refused.body["data"], refused.codes) == ({"it": None}, ["BAD_USER_INPUT"])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ it: registrations(first: 0) { totalCount } }", "`first` must be from 1 to 100, not 0."),
        (
            r'{ it: registrations(filter: {nameContains: "a\u0000b"}) { totalCount } }',
            "`filter.nameContains` holds a NUL or half of a surrogate pair, and no name does; leave it out.",
        ),
        (
            '{ it: auditEvents(filter: {occurredAfter: "2026-01-01T00:00:00"}) { totalCount } }',
            "`filter.occurredAfter` needs an offset, such as 2026-01-31T12:00:00Z.",
        ),
        (
            '{ it: auditEvents(filter: {occurredBefore: "2026-01-01T00:00:00"}) { totalCount } }',
            "`filter.occurredBefore` needs an offset, such as 2026-01-31T12:00:00Z.",
        ),
        (
            '{ it: registration(id: "anything") { id } }',
            "`id` is not the id of a registration; take it from an answer of this gateway.",
        ),
        (
            f'{{ it: registration(id: "{encode_own_id("Asset", "0" * 32)}") {{ id }} }}',
            "`id` is not the id of a registration; take it from an answer of this gateway.",
        ),
        (
            f'{{ it: node(id: "{encode_own_id("AssetUpload", "0" * 32)}") {{ id }} }}',
            "This is not an id that this gateway has given out. Take ids from the `id` fields of answers.",
        ),
    ],
)
async def test_what_cannot_be_asked(kept: Kept, query: str, message: str) -> None:
    answer = await kept.gateway.ask(query)
    assert (answer.body["data"], answer.codes) == ({"it": None}, ["BAD_USER_INPUT"])
    assert answer.error["message"] == message


async def test_things_by_id_in_the_order_asked(kept: Kept) -> None:
    """What is gone and what may not be seen are alike; one question finds all of a sort."""
    gone = encode_own_id("Registration", new_key())
    ids = [kept.registrations["fraud"], gone, kept.registrations["hidden"], kept.registrations["churn"]]
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename ... on Registration { modelName } } }"
    answer = await kept.gateway.ask(query, {"ids": ids})
    assert answer.data["nodes"] == [
        {"id": ids[0], "__typename": "Registration", "modelName": "fraud"},
        None,
        None,
        {"id": ids[3], "__typename": "Registration", "modelName": "churn"},
    ]
    for item, result in ((gone, None), (ids[2], None), (ids[0], {"modelName": "fraud"})):
        one = await kept.gateway.ask("query($i: ID!) { it: registration(id: $i) { modelName } }", {"i": item})
        assert one.data["it"] == result


async def event(stored: Kept, minutes: int, **changed: Any) -> str:
    """An event that is kept; gives its id."""
    whole = {"actor": "ann", "group": "risk", "action": "importModel", "outcome": AuditOutcome.SUCCEEDED, **changed}
    async with stored.database.writing() as connection:
        return (await audit.append(connection, NewAuditEvent(at=minutes_after_noon(minutes), **whole))).id


EVENTS = """query($first: Int, $after: String, $filter: AuditFilter) {
  it: auditEvents(first: $first, after: $after, filter: $filter) {
    totalCount pageInfo { hasNextPage endCursor } nodes { at } } }"""


WHICH_EVENTS: list[tuple[tuple[str, ...], dict[str, Any], list[int]]] = [
    (MLOPS, {}, [4, 3, 2, 1]),
    (("risk",), {}, [4, 2, 1]),
    (MLOPS, {"actor": "bob"}, [3]),
    (MLOPS, {"actor": "Bob"}, []),
    (MLOPS, {"action": "removeRegistration"}, [2]),
    (MLOPS, {"outcome": "REFUSED"}, [4]),
    (MLOPS, {"occurredAfter": "2026-03-02T12:02:00Z"}, [4, 3]),
    (MLOPS, {"occurredBefore": "2026-03-02T14:02:00+02:00"}, [1]),
    (MLOPS, {"actor": "ann", "outcome": "SUCCEEDED", "occurredAfter": "2026-03-02T12:01:00Z"}, [2]),
    (MLOPS, {"occurredAfter": "0001-01-01T00:00:00+23:59"}, [4, 3, 2, 1]),
    (MLOPS, {"occurredBefore": "0001-01-01T00:00:00+23:59"}, []),
    (MLOPS, {"occurredAfter": "9999-12-31T23:59:59-23:59"}, []),
    (MLOPS, {"occurredBefore": "9999-12-31T23:59:59-23:59"}, [4, 3, 2, 1]),
]


async def test_which_events(kept: Kept) -> None:
    """Events of no group, and of groups that the caller has nothing to do with, are not among them."""
    await event(kept, 1)
    await event(kept, 2, action="removeRegistration")
    await event(kept, 3, actor="bob", group="marketing")
    await event(kept, 4, outcome=AuditOutcome.REFUSED)
    await event(kept, 5, group=None)
    await event(kept, 6, group="finance")
    for groups, value, minutes in WHICH_EVENTS:
        it = (await kept.gateway.ask(EVENTS, {"filter": value}, groups=groups)).data["it"]
        times = [minutes_after_noon(minute).isoformat() for minute in minutes]
        assert ([node["at"] for node in it["nodes"]], it["totalCount"]) == (times, len(minutes)), (groups, value)


async def test_events_page_by_page(kept: Kept) -> None:
    """Two of the same moment are told apart."""
    for _ in range(3):
        await event(kept, 1)
    seen: list[Any] = []
    after = None
    while True:
        answer = await kept.gateway.ask(EVENTS.replace("{ at }", "{ id }"), {"first": 2, "after": after})
        it = answer.data["it"]
        seen += [node["id"] for node in it["nodes"]]
        after = it["pageInfo"]["endCursor"]
        if not it["pageInfo"]["hasNextPage"]:
            break
    assert (len(seen), len(set(seen))) == (3, 3)


async def test_all_that_an_event_tells(kept: Kept) -> None:
    made = await event(
        kept, 0, role_arn="arn:1", target="Model churn", detail="Why", request_id="r-1", aws_request_ids=("a", "b")
    )
    query = """query($i: ID!) { node(id: $i) { __typename ... on AuditEvent {
      id at actor group roleArn action target outcome detail requestId awsRequestIds } } }"""
    answer = await kept.gateway.ask(query, {"i": made})
    assert answer.data["node"] == {
        "__typename": "AuditEvent",
        "id": made,
        "at": NOON.isoformat(),
        "actor": "ann",
        "group": "risk",
        "roleArn": "arn:1",
        "action": "importModel",
        "target": "Model churn",
        "outcome": "SUCCEEDED",
        "detail": "Why",
        "requestId": "r-1",
        "awsRequestIds": ["a", "b"],
    }
