"""gateway.commands.demo_tour: a model's way from its import to an endpoint, and each of GraphiQL's tabs on the way."""

import asyncio

import pytest

from gateway.commands.demo_approval import (
    BuiltinApproval,
    DemoApproval,
    JiraApproval,
    start_jira,
)
from gateway.commands.demo_examples import DEMO_HEADERS, demo_examples
from gateway.commands.demo_tour import DemoError, DemoTour
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.demo import OpenDemo, look
from tests.deployments import wait_for_ticket


async def test_every_tab_does_what_it_says(
    estate: Estate, open_demo: OpenDemo, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_demo(estate) as gateway:
        tour = DemoTour(gateway.http, estate, look)
        await tour.ask_question()
        ids = await tour.bring_to_approval()
        text = capsys.readouterr().out
        shown = demo_examples(estate, "fraud-detection-v12", ids, approves=True)
        answers = {}
        for example in shown:
            if example.query.lstrip().startswith("subscription"):
                continue  # tests/docs/test_live_screens.py runs these.
            headers = example.headers or DEMO_HEADERS
            body = {"query": example.query, "variables": example.variables}
            answers[example.name] = (await gateway.http.post("/graphql", json=body, headers=headers)).json()
        assert [name for name, answer in answers.items() if "errors" in answer] == []
        data = {name: answer["data"] for name, answer in answers.items()}
        (held_up,) = data["StillMissing"]["registration"]["deployments"]["nodes"]
        await wait_for_ticket(gateway, held_up["id"])
    assert '"name": "fraud-detection-v12"' in text
    assert "  row count: passed, expected 20, actual 20\n" in text
    assert held_up["state"] == "BLOCKED"
    assert [item["present"] for item in data["StillMissing"]["registration"]["requiredAssets"]] == [False] * 5
    assert [element["present"] for element in data["PutAssets"]["putAssets"]["registration"]["requiredAssets"]] == [
        True
    ] * 5
    assert data["Rehearsal"]["deployment"]["testResult"]["passed"]
    assert len(data["Rehearsal"]["deployment"]["assets"]) == 5
    assert data["ImportModel"]["importModel"]["importRun"]["state"] == "DONE"
    assert data["Approve"]["approveDeployment"]["deployment"]["decision"] == {"by": "lead", "outcome": "APPROVED"}
    assert (len(shown), len(answers)) == (17, 13)


@pytest.mark.parametrize("approval", ["builtin", "jira"])
async def test_somebody_else_approves_and_it_is_launched(
    estate: Estate, open_demo: OpenDemo, approval: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with start_jira() as jira:
        way: DemoApproval = JiraApproval(jira) if approval == "jira" else BuiltinApproval()
        async with open_demo(estate, jira if approval == "jira" else None) as gateway:
            tour = DemoTour(gateway.http, estate, look)
            ids = await tour.bring_to_approval()
            await tour.approve_and_launch(way, ids.deployment)
            ticket = await tour.ticket_of(ids.deployment)
        moves = [
            (key, change["author"]["displayName"])
            for key, issue in jira.project.issues.items()
            for change in issue.history
        ]
    text = capsys.readouterr().out
    assert "ifrs9-macro-scenarios-default is DEPLOYED" in text
    assert f"Approved by {'lead@example.com' if approval == 'jira' else 'lead'} and launched:" in text
    assert text.rstrip().endswith("is IN_SERVICE.")
    assert moves == ([(ticket, "Lee Lead")] if approval == "jira" else [])


async def test_the_starter_is_refused_in_jira(estate: Estate, open_demo: OpenDemo) -> None:
    with start_jira() as jira:
        async with open_demo(estate, jira) as gateway:
            tour = DemoTour(gateway.http, estate, look)
            ids = await tour.bring_to_approval()
            issue = jira.project.issues[await tour.ticket_of(ids.deployment)]
            starter = next(person for person in jira.project.people if person.name == "demo")
            jira.project.move(issue.key, "Done", starter)
            async with asyncio.timeout(30):
                while not issue.comments:
                    await look(0)
            query = "query($id: ID!) { deployment(id: $id) { state } }"
            answer = await gateway.ask(query, {"id": ids.deployment}, user="demo", groups=["risk"])
    assert answer.data["deployment"]["state"] == "AWAITING_APPROVAL"


async def test_an_answer_that_it_does_not_expect_ends_the_tour(
    estate: Estate, sandbox: Sandbox, open_demo: OpenDemo
) -> None:
    sandbox.call("DeleteModel", estate.risk.account, estate.risk.region, ModelName="ifrs9-macro-scenarios")
    async with open_demo(estate) as gateway:
        with pytest.raises(DemoError, match="NOT_FOUND"):
            await DemoTour(gateway.http, estate, look).bring_to_approval()
    assert sandbox.calls.count("CreateEndpointConfig") == 0


async def test_a_rehearsal_that_fails_ends_the_tour(estate: Estate, sandbox: Sandbox, open_demo: OpenDemo) -> None:
    sandbox.faults.fail("CreateTransformJob", status=400, code="ResourceLimitExceeded", message="No more.")
    async with open_demo(estate) as gateway:
        with pytest.raises(DemoError, match="No more"):
            await DemoTour(gateway.http, estate, look).bring_to_approval()
    assert sandbox.calls.count("CreateEndpoint") == 0
