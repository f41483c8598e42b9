"""Links by hand: made, shown to the own group alone, taken away, and what they cost."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from registry import job_links
from registry.database import Database
from sandbox.server import Sandbox
from tests.gateway_client import (
    MARKETING,
    NO_CACHE_AGES,
    RISK,
    GatewayClient,
    OpenGateway,
    assume_role_entry,
    credential_settings,
    fresh_database,
)
from tests.registrations import create_related_resources, import_registration
from tests.sagemaker_builder import START, building

ALLOWED = [
    {"group": "*", "allow": ["READ"]},
    {"group": "risk", "allow": ["IMPORT", "AUDIT"]},
    {"group": "other", "allow": ["IMPORT"]},
    {"group": "over", "allow": ["READ"], "over": ["risk"]},
]
LINK = (
    "mutation($i: LinkJobInput!) { linkJob(input: $i) { registration { id } job { name modelNames }"
    " userErrors { code field } } }"
)
UNLINK = (
    "mutation($i: UnlinkJobInput!) { unlinkJob(input: $i) { registration { id } job { name }"
    " userErrors { code field } } }"
)
JOBS = (
    'query($f: JobFilter, $first: Int, $after: String) { model(name: "churn") {'
    " jobs(filter: $f, first: $first, after: $after) { edges { match linkedBy node { id name } }"
    " totalCount unreadableCount completeAsOf pageInfo { hasNextPage endCursor } } } }"
)
NAMED = '{ jobs(filter: {modelName: "churn"}) { nodes { name } } }'
NAMED_WHOLE = '{ jobs(filter: {modelName: "churn"}) { nodes { name } totalCount completeAsOf } }'


@pytest.fixture
def settings() -> dict[str, Any]:
    """Two groups with the same role in the same account, one that is over the first, and who may import."""
    return {
        **credential_settings(assume_role_entry(RISK), assume_role_entry(RISK, "other"), assume_role_entry(MARKETING)),
        "permissions": ALLOWED,
        "database": {"url": fresh_database()},
    }


@pytest.fixture
def account(sandbox: Sandbox) -> Sandbox:
    """The model churn with its jobs, and jobs that tell nothing of it."""
    create_related_resources(sandbox)
    with building(sandbox) as things:
        things.training("repacked-from", at=START + timedelta(minutes=30))
        things.processing("evaluation")
    return sandbox


def calls(sandbox: Sandbox) -> dict[str, int]:
    """The calls to SageMaker since the last look."""
    made = sandbox.calls.by_operation()
    sandbox.calls.clear()
    return {name: count for name, count in made.items() if not name.startswith("AssumeRole")}


def edges(answer: Any) -> list[tuple[str, str, str | None]]:
    found = answer.data["model"]["jobs"]["edges"]
    return [(edge["node"]["name"], edge["match"], edge["linkedBy"]) for edge in found]


async def linked(gateway: GatewayClient, registration: str, name: str = "repacked-from", **more: Any) -> Any:
    asked = {"type": "TRAINING", "name": name, **more}
    answer = await gateway.ask(LINK, {"i": {"registrationId": registration, **asked}})
    return answer.data["linkJob"]


async def unlinked(gateway: GatewayClient, registration: str, name: str = "repacked-from") -> Any:
    asked = {"registrationId": registration, "type": "TRAINING", "name": name}
    return (await gateway.ask(UNLINK, {"i": asked})).data["unlinkJob"]


PLAIN = [("churn-batch", "MODEL_NAME", None), ("churn-train", "EXACT_ARTIFACT", None)]
BY_HAND = ("repacked-from", "LINKED", "ann")
# Newest first.
LINKED = [PLAIN[0], BY_HAND, PLAIN[1]]


async def test_a_link_shows_on_both_sides_until_it_is_taken_away(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    async with open_working(**settings) as gateway:
        registration = await import_registration(gateway)
        assert edges(await gateway.ask(JOBS)) == PLAIN
        calls(account)
        payload = await linked(gateway, registration, comment="repacked by hand")
        assert payload == {
            "registration": {"id": registration},
            "job": {"name": "repacked-from", "modelNames": ["churn"]},
            "userErrors": [],
        }
        calls(account)
        answer = await gateway.ask(JOBS)
        assert edges(answer) == LINKED
        found = answer.data["model"]["jobs"]
        assert (found["totalCount"], found["unreadableCount"], found["completeAsOf"] is not None) == (3, 0, True)
        assert calls(account) == {}
        named = (await gateway.ask(NAMED)).data["jobs"]["nodes"]
        assert [node["name"] for node in named] == [name for name, *_ in LINKED]
        assert edges(await gateway.ask(JOBS, {"f": {"type": "TRANSFORM"}})) == PLAIN[:1]
        gone = await unlinked(gateway, registration)
        assert gone == {"registration": {"id": registration}, "job": {"name": "repacked-from"}, "userErrors": []}
        assert edges(await gateway.ask(JOBS)) == PLAIN
        assert (await gateway.ask(NAMED)).data["jobs"]["nodes"] == [{"name": name} for name, *_ in PLAIN]


async def test_pages_go_through_a_linked_job(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    seen, after = [], None
    async with open_working(**settings) as gateway:
        await linked(gateway, await import_registration(gateway))
        for more in (True, True, False):
            answer = await gateway.ask(JOBS, {"first": 1, "after": after})
            seen += edges(answer)
            after = answer.data["model"]["jobs"]["pageInfo"]["endCursor"]
            assert answer.data["model"]["jobs"]["pageInfo"]["hasNextPage"] is more
    assert seen == LINKED


async def test_a_job_that_belongs_anyhow_keeps_its_reason_and_cannot_be_unlinked(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    async with open_working(**settings) as gateway:
        registration = await import_registration(gateway)
        await linked(gateway, registration, "churn-train")
        assert edges(await gateway.ask(JOBS)) == [PLAIN[0], ("churn-train", "EXACT_ARTIFACT", "ann")]
        for codes in ([], ["NOT_FOUND"]):
            payload = await unlinked(gateway, registration, "churn-train")
            assert [error["code"] for error in payload["userErrors"]] == codes
            assert edges(await gateway.ask(JOBS)) == PLAIN


async def test_a_second_time_nothing_changes(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    async with open_working(**settings) as gateway:
        registration = await import_registration(gateway)
        payloads = await asyncio.gather(*(linked(gateway, registration) for _ in range(4)))
        again = {"registrationId": registration, "type": "TRAINING", "name": "repacked-from", "comment": "again"}
        payloads.append((await gateway.ask(LINK, {"i": again}, user="bob")).data["linkJob"])
        assert [payload["userErrors"] for payload in payloads] == [[]] * 5
        assert {payload["job"]["name"] for payload in payloads} == {"repacked-from"}
        assert edges(await gateway.ask(JOBS)) == LINKED


async def test_a_registration_has_so_many_at_most(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_links, "MAX_LINKS", 1)
    async with open_working(**settings) as gateway:
        registration = await import_registration(gateway)
        await linked(gateway, registration)
        refused = await linked(gateway, registration, "churn-train")
        assert refused == {
            "registration": None,
            "job": None,
            "userErrors": [{"code": "QUOTA_EXCEEDED", "field": ["registrationId"]}],
        }
        assert edges(await gateway.ask(JOBS)) == LINKED


async def test_models_without_links_are_shown_beside_one_with_some(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    """Warm, neither costs a call; each page is the one that it is by itself."""
    create_related_resources(account, "fraud")
    question = "{ models { nodes { name jobs(first: 2) { edges { match linkedBy node { name } } } } } }"
    async with open_working(**settings) as gateway:
        registration = await import_registration(gateway)
        before = (await gateway.ask(question)).data["models"]["nodes"]
        await linked(gateway, registration)
        await gateway.ask(question)
        calls(account)
        shown = {node["name"]: node["jobs"]["edges"] for node in (await gateway.ask(question)).data["models"]["nodes"]}
        assert calls(account) == {}
    assert [(edge["node"]["name"], edge["match"], edge["linkedBy"]) for edge in shown["churn"]] == LINKED[:2]
    assert shown["fraud"] == next(node["jobs"]["edges"] for node in before if node["name"] == "fraud")


async def test_of_linked_jobs_those_that_are_shown_are_described_again(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    with building(account) as things:
        for number in range(5):
            things.training(f"newest-{number}", at=START + timedelta(days=number + 1))
    first = '{ model(name: "churn") { jobs(first: 2) { edges { match node { name } } } } }'
    async with open_working(**settings, sagemaker={"freshSeconds": 0.001, "authoritySeconds": 0.001}) as gateway:
        registration = await import_registration(gateway)
        for number in range(5):
            await linked(gateway, registration, f"newest-{number}")
        for _ in range(2):
            calls(account)
            shown = (await gateway.ask(first)).data["model"]["jobs"]["edges"]
            assert shown == [{"match": "LINKED", "node": {"name": f"newest-{number}"}} for number in (4, 3)]
            described = {name: count for name, count in calls(account).items() if name.startswith("Describe")}
        assert described == {"DescribeModel": 1, "DescribeTrainingJob": 2}


async def test_two_groups_that_share_a_role_do_not_see_each_others_links(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    async with open_working(**settings) as gateway:
        await linked(gateway, await import_registration(gateway))
        assert edges(await gateway.ask(JOBS)) == LINKED
        assert edges(await gateway.ask(JOBS, groups=["other"])) == PLAIN
        own = await import_registration(gateway, groups=["other"], user="bob")
        assert edges(await gateway.ask(JOBS, groups=["other"])) == PLAIN
        asked = {"registrationId": own, "type": "PROCESSING", "name": "evaluation"}
        answer = await gateway.ask(LINK, {"i": asked}, groups=["other"], user="bob")
        assert answer.data["linkJob"]["userErrors"] == []
        processing = {"f": {"types": ["TRAINING", "PROCESSING"]}}
        both = await gateway.ask(JOBS, processing, groups=["risk", "other"], acting="other", user="bob")
        assert [edge for edge in edges(both) if edge[1] == "LINKED"] == [("evaluation", "LINKED", "bob")]
        assert [edge for edge in edges(await gateway.ask(JOBS, processing)) if edge[1] == "LINKED"] == [BY_HAND]


async def test_who_is_over_the_group_may_open_a_job_that_it_has_linked(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    node = "query($id: ID!) { node(id: $id) { ... on TrainingJob { name } } }"
    async with open_working(**settings) as gateway:
        registration = await import_registration(gateway)
        await linked(gateway, registration)
        id = (await gateway.ask(JOBS)).data["model"]["jobs"]["edges"][1]["node"]["id"]
        shown = await gateway.ask(node, {"id": id}, groups=["over"], user="eve")
        assert shown.data["node"] == {"name": "repacked-from"}
        await unlinked(gateway, registration)
        assert (await gateway.ask(node, {"id": id}, groups=["over"], user="eve")).codes == ["FORBIDDEN"]


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"name": "none"}, "NOT_FOUND", ["name"]),
        ({"name": "no name"}, "INVALID", ["name"]),
        ({"registrationId": "x"}, "NOT_FOUND", ["registrationId"]),
        ({"comment": "a" * 10_001}, "INVALID", ["comment"]),
    ],
)
async def test_what_is_wrong_with_an_input_links_nothing(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any], asked: dict[str, str], code: str, field: Any
) -> None:
    async with open_working(**settings) as gateway:
        whole = {"registrationId": await import_registration(gateway), "type": "TRAINING", "name": "repacked-from"}
        answer = await gateway.ask(LINK, {"i": {**whole, **asked}})
        assert answer.data["linkJob"] == {
            "registration": None,
            "job": None,
            "userErrors": [{"code": code, "field": field}],
        }
        assert edges(await gateway.ask(JOBS)) == PLAIN


async def test_who_may_not_links_nothing(open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]) -> None:
    async with open_working(**settings) as gateway:
        registration = await import_registration(gateway)
        asked = {"i": {"registrationId": registration, "type": "TRAINING", "name": "repacked-from"}}
        assert (await gateway.ask(LINK, asked, groups=["over"])).codes == ["FORBIDDEN"]
        hidden = (await gateway.ask(LINK, asked, groups=["other"])).data["linkJob"]
        assert hidden["userErrors"] == [{"code": "NOT_FOUND", "field": ["registrationId"]}]
        assert (await gateway.ask(LINK, asked, user=None)).codes == ["UNAUTHENTICATED"]
        account.faults.refuse("DescribeTrainingJob", name="repacked-from")
        assert (await gateway.ask(LINK, asked)).codes == ["FORBIDDEN"]
        account.faults.clear()
        assert edges(await gateway.ask(JOBS)) == PLAIN


async def test_a_linked_job_that_may_not_be_read_counts(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    async with open_working(**settings, sagemaker={"freshSeconds": 0.001, "authoritySeconds": 0.001}) as gateway:
        await linked(gateway, await import_registration(gateway))
        account.faults.refuse("DescribeTrainingJob", name="repacked-from")
        answer = await gateway.ask(JOBS)
        assert edges(answer) == PLAIN
        assert answer.data["model"]["jobs"]["unreadableCount"] >= 1


async def test_a_linked_job_that_is_slow_to_describe_is_an_error_at_its_own_node(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    """A person and the list tell that it belongs; of a job that no list has told yet, nothing is known meanwhile."""
    query = '{ model(name: "churn") { jobs { edges { match node { name startTime } } unreadableCount completeAsOf } } }'
    ages = {"freshSeconds": 0.001, "authoritySeconds": 0.001}
    async with open_working(**settings, sagemaker=ages) as gateway:
        await linked(gateway, await import_registration(gateway))
        whole = (await gateway.ask(query)).data["model"]["jobs"]
        account.faults.throttle("DescribeTrainingJob", name="repacked-from")
        answer = await gateway.ask(query)
        slow = answer.body["data"]["model"]["jobs"]
        for edge in whole["edges"]:
            edge["node"]["startTime"] = None if edge["node"]["name"] == BY_HAND[0] else edge["node"]["startTime"]
        assert slow["edges"] == whole["edges"]
        assert (slow["unreadableCount"], slow["completeAsOf"] is not None) == (0, True)
        (error,) = answer.errors
        place = [edge["node"]["name"] for edge in slow["edges"]].index(BY_HAND[0])
        assert error["extensions"]["code"] == "THROTTLED"
        assert error["path"] == ["model", "jobs", "edges", place, "node", "startTime"]


async def test_a_linked_job_that_no_list_tells_of_leaves_the_list_open_while_it_is_slow(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    """It may be gone by now. Jobs that are known stand."""
    with building(account) as things:
        things.tuning("by-hand")
    filter = {"f": {"types": ["TUNING", "TRAINING"]}}
    async with open_working(**settings, sagemaker={"freshSeconds": 0.001, "authoritySeconds": 0.001}) as gateway:
        await linked(gateway, await import_registration(gateway), "by-hand", type="TUNING")
        assert ("by-hand", "LINKED", "ann") in edges(await gateway.ask(JOBS, filter))
        account.faults.throttle("DescribeHyperParameterTuningJob", name="by-hand")
        answer = await gateway.ask(JOBS, filter)
        found = answer.data["model"]["jobs"]
        assert edges(answer) == PLAIN[1:]
        assert (found["unreadableCount"], found["totalCount"], found["completeAsOf"]) == (1, None, None)


async def test_two_people_who_link_at_once_make_one_link(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    async with open_working(**settings) as gateway:
        registration = await import_registration(gateway)
        asked = {"i": {"registrationId": registration, "type": "TRAINING", "name": "repacked-from"}}
        answers = await asyncio.gather(*(gateway.ask(LINK, asked, user=user) for user in ("ann", "bob", "max")))
        assert [answer.data["linkJob"]["userErrors"] for answer in answers] == [[]] * 3
        (by_hand,) = [edge for edge in edges(await gateway.ask(JOBS)) if edge[1] == "LINKED"]
        assert by_hand[2] in {"ann", "bob", "max"}
        # One of those who take it away is told that there is none.
        gone = await asyncio.gather(*(unlinked(gateway, registration) for _ in range(2)))
        assert sorted(len(payload["userErrors"]) for payload in gone) == [0, 1]
        assert edges(await gateway.ask(JOBS)) == PLAIN


async def test_a_job_or_model_made_again_under_its_name_is_another_one(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    async with open_working(**settings, sagemaker={"freshSeconds": 0.001, "deletionSeconds": 0.001}) as gateway:
        await linked(gateway, await import_registration(gateway))
        assert edges(await gateway.ask(JOBS)) == LINKED
        with building(account) as things:
            things.call_at("DeleteTrainingJob", TrainingJobName="repacked-from")
            things.training("repacked-from")
        assert edges(await gateway.ask(JOBS)) == PLAIN


async def test_the_audit_tells_of_links(open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]) -> None:
    events = "{ auditEvents(first: 3) { nodes { action target outcome detail group } } }"
    async with open_working(**settings) as gateway:
        registration = await import_registration(gateway)
        await linked(gateway, registration, comment="repacked")
        payloads = await asyncio.gather(*(unlinked(gateway, registration) for _ in range(2)))
        told = (await gateway.ask(events)).data["auditEvents"]["nodes"]
    assert sorted(len(payload["userErrors"]) for payload in payloads) == [0, 1]
    target = f"Registration {registration}, TrainingJob repacked-from"
    assert {(event["target"], event["group"]) for event in told} == {(target, "risk")}
    outcomes = [(event["action"], event["outcome"]) for event in told]
    assert sorted(outcomes[:2]) == [("unlinkJob", "FAILED"), ("unlinkJob", "SUCCEEDED")]
    assert (outcomes[2], told[2]["detail"]) == (("linkJob", "SUCCEEDED"), "repacked")


async def test_a_registration_takes_its_links_with_it(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    async with open_working(**settings) as gateway:
        registration = await import_registration(gateway)
        await linked(gateway, registration)
        await gateway.ask(
            "mutation($i: ID!) { removeRegistration(input: {id: $i}) { removedRegistrationId } }", {"i": registration}
        )
        assert edges(await gateway.ask(JOBS)) == PLAIN


async def test_a_group_whose_role_is_in_another_account_by_now_links_nothing(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    with building(account, MARKETING) as things:
        things.training("repacked-from")
    async with open_working(**settings) as gateway:
        registration = await import_registration(gateway)
    moved = credential_settings(assume_role_entry(MARKETING, "risk", region=RISK.region))
    async with open_working(**{**settings, **moved}) as gateway:
        payload = await linked(gateway, registration)
        assert payload["userErrors"] == [{"code": "CONFLICT", "field": ["registrationId"]}]
    async with open_working(**settings) as gateway:
        assert edges(await gateway.ask(JOBS)) == PLAIN


async def test_while_links_cannot_be_read_nothing_is_said_to_be_all(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    async with Database(settings["database"]["url"]) as database, database.writing() as connection:
        await connection.exec_driver_sql("ALTER TABLE job_links RENAME TO away")
    async with open_working(**settings) as gateway:
        answer = await gateway.ask(JOBS)
        assert edges(answer) == PLAIN
        shown = answer.data["model"]["jobs"]
        assert (shown["totalCount"], shown["completeAsOf"], shown["unreadableCount"]) == (None, None, 0)
        named = (await gateway.ask(NAMED_WHOLE)).data["jobs"]
        assert named["nodes"] == [{"name": name} for name, *_ in PLAIN]
        assert (named["totalCount"], named["completeAsOf"]) == (None, None)
        job = await gateway.ask('{ job(type: TRAINING, name: "repacked-from") { modelNames models { name } } }')
        assert job.codes == ["UPSTREAM_UNAVAILABLE"] * 2


async def test_a_list_of_both_groups_shows_the_job_as_the_group_that_has_linked_it(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    mine = '{ jobs(scope: MINE, filter: {modelName: "churn"}) { nodes { name group modelNames } } }'
    async with open_working(**settings) as gateway:
        await linked(gateway, await import_registration(gateway))
        shown = (await gateway.ask(mine, groups=["other", "risk"])).data["jobs"]["nodes"]
        theirs = (await gateway.ask(mine, groups=["other"])).data["jobs"]["nodes"]
        everything = (await gateway.ask("{ jobs { nodes { name modelNames } } }", groups=["other"])).data["jobs"]
    assert [(node["name"], node["modelNames"]) for node in shown] == [(name, ["churn"]) for name, *_ in LINKED]
    assert [node["group"] for node in shown if node["name"] == "repacked-from"] == ["risk"]
    assert [node["name"] for node in theirs] == [name for name, *_ in PLAIN]
    assert {node["name"]: node["modelNames"] for node in everything["nodes"]}["repacked-from"] == []


async def test_beside_copies_a_linked_job_that_aws_does_not_tell_of_counts(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    """AWS is away: the copies of an import are shown, and it is not known what the linked job is."""
    copies = """{ registrations(first: 1) { nodes { elements(first: 1, kinds: [MODEL]) { nodes { resource { source
      ... on Model { jobs { edges { match node { name } } totalCount unreadableCount completeAsOf } } } } } } } }"""
    async with open_working(**settings, sagemaker=NO_CACHE_AGES) as gateway:
        await linked(gateway, await import_registration(gateway))
        account.faults.drop("*")
        answer = await gateway.ask(copies)
    (element,) = answer.data["registrations"]["nodes"][0]["elements"]["nodes"]
    jobs = element["resource"]["jobs"]
    assert element["resource"]["source"] == "REGISTRY"
    assert [(edge["node"]["name"], edge["match"]) for edge in jobs["edges"]] == [edge[:2] for edge in PLAIN]
    assert (jobs["totalCount"], jobs["unreadableCount"], jobs["completeAsOf"]) == (None, 1, None)
