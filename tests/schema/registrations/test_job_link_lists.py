"""Lists of jobs with links by hand: pages, costs, and what is said of a linked job that cannot be read."""

from datetime import timedelta
from typing import Any

import pytest

from registry.database import Database
from sandbox.server import Sandbox
from tests.gateway_client import (
    NO_CACHE_AGES,
    OpenGateway,
)
from tests.registrations import create_related_resources, import_registration
from tests.sagemaker_builder import START, building
from tests.schema.registrations.job_link_bench import (
    BY_HAND,
    JOBS,
    LINKED,
    NAMED_WHOLE,
    PLAIN,
    account,
    calls,
    edges,
    linked,
    settings,
)

__all__ = ["account", "settings"]


@pytest.fixture
def unslowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets throttled calls be tried again without the pause that a slower rate makes."""
    monkeypatch.setattr("aws.client.rate_limit._MIN_RATE", 1e6)


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


async def test_a_linked_job_that_may_not_be_read_counts(
    open_working: OpenGateway, account: Sandbox, settings: dict[str, Any]
) -> None:
    async with open_working(**settings, sagemaker={"freshSeconds": 0.001, "authoritySeconds": 0.001}) as gateway:
        await linked(gateway, await import_registration(gateway))
        account.faults.refuse("DescribeTrainingJob", name="repacked-from")
        answer = await gateway.ask(JOBS)
        assert edges(answer) == PLAIN
        assert answer.data["model"]["jobs"]["unreadableCount"] >= 1


@pytest.mark.usefixtures("unslowed")
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


@pytest.mark.usefixtures("unslowed")
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
