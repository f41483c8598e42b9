"""README.md and the first tutorial: questions are answered, and changes made, under the demo that they tell of."""

import asyncio
import re
import sys

import boto3

from gateway.commands.demo_examples import APPROVED_MODEL, DEMO_HEADERS, WAITING_MODEL
from gateway.commands.demo_tour import DemoTour
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.demo import OpenDemo, look
from tests.docs.test_pages import ROOT

README, TUTORIAL = ((ROOT / page).read_text("utf-8") for page in ("README.md", "docs/tutorials/model-to-endpoint.md"))
QUERIES = re.findall(r"```graphql\n(.*?)```", README + TUTORIAL, re.DOTALL)
(SCRIPT,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
CALLS = 36


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
    assert [model["name"] for model in models["models"]["nodes"]] == ["churn-predictor-v4", "churn-predictor-v3"]
    assert imported["importModel"]["importRun"]["changes"]["totalCount"] == 5
    assert stored["putAssets"]["userErrors"] == []
    assert all(asset["present"] for asset in stored["putAssets"]["registration"]["requiredAssets"])
    (deployment,) = rehearsed["deployments"]["nodes"]
    assert (deployment["state"], deployment["testResult"]["passed"]) == ("AWAITING_APPROVAL", True)
    assert {"name": "row count", "passed": True, "expected": "20", "actual": "20"} in deployment["testResult"]["checks"]
    assert len(all_of_them["deployments"]["nodes"]) == 3


async def test_the_script_takes_as_many_calls_as_the_page_says(
    sandbox: Sandbox, estate: Estate, open_demo: OpenDemo
) -> None:
    """The question costs the same the first time, and then nothing."""
    group = estate.marketing
    place = {"endpoint_url": sandbox.url, "region_name": group.region}
    own = {"aws_access_key_id": estate.access_key_id, "aws_secret_access_key": estate.secret_access_key}
    sts = boto3.client("sts", **place, **own)
    session = sts.assume_role(RoleArn=group.role_arn, RoleSessionName="ann")["Credentials"]
    environment = {
        "AWS_ENDPOINT_URL": sandbox.url,
        "AWS_DEFAULT_REGION": group.region,
        "AWS_ACCESS_KEY_ID": session["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": session["SecretAccessKey"],
        "AWS_SESSION_TOKEN": session["SessionToken"],
    }
    sandbox.calls.clear()
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SCRIPT), env=environment, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await program.communicate()
    assert program.returncode == 0
    assert b"('churn-predictor', 'InService')" in out
    assert sum(sandbox.calls.by_operation().values()) == CALLS
    async with open_demo(estate) as gateway:
        headers = DEMO_HEADERS | {"X-Acting-Group": "marketing"}
        costs = [await gateway.http.post("/graphql", json={"query": QUERIES[0]}, headers=headers) for _ in range(2)]
    calls = [sum(answer.json()["extensions"]["aws"]["calls"].values()) for answer in costs]
    assert calls[0] == CALLS
    # The lists alone, if asking took longer than the answer is fresh.
    assert calls[1] <= 5
    assert README.count(f"{CALLS} calls") == 2


def test_the_page_counts_the_lines_right() -> None:
    words = {32: "32 lines", 9: "nine lines"}
    assert all(words[len(text.strip().splitlines())] in README for text in (SCRIPT, QUERIES[0]))
