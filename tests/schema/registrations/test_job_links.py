"""Links by hand: made, shown to the own group alone, taken away, refused, and audited."""

import asyncio
from typing import Any

import pytest

from registry import job_links
from sandbox.server import Sandbox
from tests.gateway_client import (
    MARKETING,
    RISK,
    OpenGateway,
    assume_role_entry,
    credential_settings,
)
from tests.registrations import import_registration
from tests.sagemaker_builder import building
from tests.schema.registrations.job_link_bench import (
    BY_HAND,
    JOBS,
    LINK,
    LINKED,
    NAMED,
    PLAIN,
    account,
    calls,
    edges,
    linked,
    settings,
    unlinked,
)

__all__ = ["account", "settings"]


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
