"""README.md: its questions are answered, and its changes made, under the demo that it tells of."""

import re

from gateway.commands.demo_examples import APPROVED_MODEL, DEMO_HEADERS, WAITING_MODEL
from gateway.commands.demo_tour import DemoTour
from sandbox.estate import Estate
from tests.demo import OpenDemo, look
from tests.docs.test_pages import ROOT

QUERIES = re.findall(r"```graphql\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


async def test_each_example_does_what_the_page_says(estate: Estate, open_demo: OpenDemo) -> None:
    """In their order; the assets are kept with a model that still waits for them."""
    async with open_demo(estate) as gateway:
        ids = await DemoTour(gateway.http, estate, look).bring_to_approval()
        answers = []
        for query in QUERIES:
            own = {"id": ids.waiting_registration} if "$id" in query else {}
            body = {"query": query.replace(APPROVED_MODEL, WAITING_MODEL) if own else query, "variables": own}
            headers = DEMO_HEADERS | ({"X-Acting-Group": "marketing"} if "churn" in query else {})
            answers.append((await gateway.http.post("/graphql", json=body, headers=headers)).json())
    assert [answer.get("errors") for answer in answers] == [None] * len(QUERIES)
    models, imported, stored, rehearsed, all_of_them = (answer["data"] for answer in answers)
    assert [model["name"] for model in models["models"]["nodes"]] == ["churn-predictor-v4"]
    assert imported["importModel"]["importRun"]["changes"]["totalCount"] == 5
    assert stored["putAssets"]["userErrors"] == []
    assert all(asset["present"] for asset in stored["putAssets"]["registration"]["requiredAssets"])
    (deployment,) = rehearsed["deployments"]["nodes"]
    assert (deployment["state"], deployment["testResult"]["passed"]) == ("AWAITING_APPROVAL", True)
    assert {"name": "row count", "passed": True, "expected": "20", "actual": "20"} in deployment["testResult"]["checks"]
    assert len(all_of_them["deployments"]["nodes"]) == 3
