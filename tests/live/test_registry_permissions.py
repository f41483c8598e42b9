"""Who may do what with what the registry has: every action by everybody, over HTTP; a refused one changes nothing."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from aws.client.operations import WRITE_OPERATIONS
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GraphQLResponse, OpenGateway
from tests.live.permission_cases import OVER, PEOPLE, WRONG_GROUP, PermissionBench, owners_things, permission_bench

MUTATIONS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "importModel": ("registration { id } importRun { id }", {"modelName": "other", "group": "owner"}),
    "syncRegistration": ("importRun { id }", {"id": "ID"}),
    "updateRegistration": ("registration { displayName }", {"id": "ID", "displayName": "Changed"}),
    "removeRegistration": ("removedRegistrationId", {"id": "ID"}),
    "linkJob": ("job { name }", {"registrationId": "ID", "type": "TRAINING", "name": "unlinked"}),
    "unlinkJob": ("job { name }", {"registrationId": "ID", "type": "TRAINING", "name": "linked"}),
    "updateSnapshot": ("snapshot { name }", {"name": "other-1", "group": "owner", "customMetadata": {"a": 1}}),
}
# What an action comes to: "done", a code of `userErrors`, or a code at top level.
OF_GROUPS = {
    # The group is named in the input, so only those who are in it may, whoever is over it.
    "anonymous": "UNAUTHENTICATED",
    "in a group called *": "not let in",
    "of the owning group": "done",
    # The header says for whom the request acts where the query does not; the query may name another of one's groups.
    "of the owning group, acting for another": "done",
}
OF_RECORDS = {
    "anonymous": "UNAUTHENTICATED",
    "in a group called *": "not let in",
    "of another group": "NOT_FOUND",
    "of the owning group": "done",
    "over it": "done",
    "of the owning group, acting for another": "FORBIDDEN",
}
OUTCOMES = {
    "importModel": OF_GROUPS,
    "updateSnapshot": OF_GROUPS,
    "syncRegistration": OF_RECORDS,
    "updateRegistration": OF_RECORDS,
    "removeRegistration": OF_RECORDS,
    "linkJob": OF_RECORDS,
    "unlinkJob": OF_RECORDS,
}


@pytest.fixture
async def stage(open_working: OpenGateway, sandbox: Sandbox) -> AsyncIterator[PermissionBench]:
    async with permission_bench(open_working, sandbox) as opened:
        yield opened


def writes(sandbox: Sandbox) -> dict[str, int]:
    """The calls that change something in AWS."""
    return {name: count for name, count in sandbox.calls.by_operation().items() if name in WRITE_OPERATIONS}


def outcome_of(action: str, user: str) -> str:
    """What an action of somebody's comes to."""
    return OUTCOMES[action].get(user, "FORBIDDEN")


async def change(stage: PermissionBench, action: str, user: str) -> GraphQLResponse:
    """The answer to an action about the owner's registration, by somebody."""
    selection, value = MUTATIONS[action]
    shape = action[0].upper() + action[1:]
    query = f"mutation($i: {shape}Input!) {{ it: {action}(input: $i) {{ {selection} userErrors {{ code field }} }} }}"
    written = {name: stage.registration if item == "ID" else item for name, item in value.items()}
    return await stage.ask(PEOPLE[user], query, {"i": written})


@pytest.mark.parametrize(
    ("action", "person"),
    [(action, user) for action in MUTATIONS for user in PEOPLE if outcome_of(action, user) == "done"],
)
async def test_a_change(stage: PermissionBench, sandbox: Sandbox, action: str, person: str) -> None:
    assert came_to(await change(stage, action, person)) == "done"
    assert writes(sandbox) == {}
    assert await stage.audited() == [(action, "SUCCEEDED", "ann")]


@pytest.mark.parametrize("user", PEOPLE)
async def test_refused_changes(stage: PermissionBench, sandbox: Sandbox, user: str) -> None:
    """All that one person may not change, one after the other: none of it changes anything."""
    before = await stage.rows()
    audited: list[tuple[str, str, str | None]] = []
    for action in MUTATIONS:
        expected = outcome_of(action, user)
        if expected == "done":
            continue
        assert came_to(await change(stage, action, user)) == expected, action
        assert await stage.rows() == before, action
        if expected not in {"UNAUTHENTICATED", "not let in"}:
            audited.insert(0, (action, "REFUSED", "ann"))
        assert await stage.audited() == audited, action
    assert writes(sandbox) == {}


def came_to(answer: GraphQLResponse) -> str:
    """The one word for what a mutation is answered."""
    if answer.status != 200:
        assert (answer.status, answer.codes) == (400, ["BAD_USER_INPUT"])
        return "not let in"
    if "errors" in answer.body:
        assert answer.body["data"] == {"it": None}
        code: str = answer.error["extensions"]["code"]
        return code
    errors = answer.data["it"]["userErrors"]
    if not errors:
        return "done"
    (error,) = errors
    assert error["field"] in (["id"], ["registrationId"])
    result: str = error["code"]
    return result


# What a query comes to: what is seen of the owner's, or a code at top level.
SEEN = {
    "anonymous": "UNAUTHENTICATED",
    "in a group called *": "not let in",
    "of another group": "nothing",
    "of the owning group": "seen",
    "over it, with READ alone": "seen",
    "over it": "seen",
    "of the owning group, acting for another": "nothing",
}
# An id has one reading, whichever of one's groups the request acts for.
BY_ID = SEEN | {
    "of the owning group, acting for another": "seen",
    "of the owning group, acting for one without permission": "seen",
}
# Reading the audit takes AUDIT; to be over a group with READ alone shows none of its events.
AUDITED = SEEN | {"over it, with READ alone": "FORBIDDEN"}
AUDITED_BY_ID = BY_ID | {"over it, with READ alone": "FORBIDDEN"}
QUERIES: Mapping[str, tuple[str, Mapping[str, str], str, object]] = {
    "registration": ("registration(id: $i) { modelName }", BY_ID, "registration", {"modelName": "churn"}),
    "registrations": (
        "registrations { nodes { modelName } totalCount }",
        SEEN,
        "registration",
        {"nodes": [{"modelName": "churn"}], "totalCount": 1},
    ),
    "auditEvents": (
        "auditEvents { nodes { actor } totalCount }",
        AUDITED,
        "event",
        {"nodes": [{"actor": "bob"}], "totalCount": 1},
    ),
    "node of a registration": (
        "node(id: $i) { ... on Registration { modelName } }",
        BY_ID,
        "registration",
        {"modelName": "churn"},
    ),
    "node of an element": ("node(id: $i) { ... on ImportedElement { name } }", BY_ID, "element", {"name": "churn"}),
    "node of an asset": ("node(id: $i) { ... on Asset { content } }", BY_ID, "asset", {"content": "{}"}),
    "node of a run": ("node(id: $i) { ... on ImportRun { startedBy } }", BY_ID, "run", {"startedBy": "bob"}),
    "node of an event": ("node(id: $i) { ... on AuditEvent { actor } }", AUDITED_BY_ID, "event", {"actor": "bob"}),
}
NOTHING: Mapping[str, object] = {
    "registrations": {"nodes": [], "totalCount": 0},
    "auditEvents": {"nodes": [], "totalCount": 0},
}


@pytest.mark.parametrize("user", PEOPLE)
async def test_a_question(stage: PermissionBench, sandbox: Sandbox, user: str) -> None:
    """All questions of one person, each asked by itself: none of them asks AWS, changes or audits anything."""
    ids = await owners_things(stage)
    before, events = await stage.rows(), await stage.audited()
    for name, (question, outcomes, thing, seen) in QUERIES.items():
        declared = "($i: ID!)" if "$i" in question else ""
        answer = await stage.ask(PEOPLE[user], f"query{declared} {{ it: {question} }}", {"i": ids[thing]})
        expected = outcomes.get(user, "FORBIDDEN")
        if expected in {"seen", "nothing"}:
            assert answer.data["it"] == (seen if expected == "seen" else NOTHING.get(name)), name
        else:
            assert came_to(answer) == expected, name
    assert writes(sandbox) == {}
    assert (await stage.rows(), await stage.audited()) == (before, events)


@pytest.mark.parametrize("group", ["owner", "importer", "no-such-group"])
async def test_a_group_that_may_not_be_seen_is_refused_whether_or_not_it_is_there(
    stage: PermissionBench, group: str
) -> None:
    query = "query($g: String!) { it: registrations(filter: {group: $g}) { totalCount } }"
    answer = await stage.ask(WRONG_GROUP, query, {"g": group})
    if group == "importer":
        assert answer.data["it"] == {"totalCount": 0}
        return
    assert (answer.body["data"], answer.codes) == ({"it": None}, ["FORBIDDEN"])
    assert answer.error["message"] == f"None of your groups may READ the registrations of the group `{group}`."


async def test_who_is_over_a_group_reads_aws_as_that_group(stage: PermissionBench, sandbox: Sandbox) -> None:
    """The registration's own role, not the role of whoever looks at it."""
    await owners_things(stage)
    query = """{ registrations { nodes { model { name } elements { nodes { resource { name source } } } } } }"""
    answer = await stage.ask(OVER, query)
    (node,) = answer.data["registrations"]["nodes"]
    assert node["model"] == {"name": "churn"}
    assert node["elements"]["nodes"] == [{"resource": {"name": "churn", "source": "LIVE"}}]
    assert answer.aws_extensions["role"] == RISK.role_arn
    assert sandbox.calls.count("DescribeModel") == 1
