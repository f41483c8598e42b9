"""gateway.commands.demo: from nothing to an endpoint in service, and back to nothing."""

import asyncio
import json
import re
import shlex
import signal
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest

from gateway.commands.demo import demo_settings
from gateway.commands.demo_approval import APPROVER_HEADERS
from gateway.commands.demo_examples import DEMO_HEADERS
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway.commands.command_processes import command, ended_by, finished, is_open, until

pytestmark = pytest.mark.crash


async def test_it_shows_the_lifecycle_and_ends_with_ctrl_c() -> None:
    """Somebody else approves, as it says; its AWS goes so fast that only the gateway's looks at it take time."""
    async with command("demo", "--port", "0", "--speed", "50") as process:
        text = "".join(await until(process.stdout, "Ctrl-C ends all of it."))
        assert text.startswith("Starting a simulated AWS on this machine …\n")
        assert "query WhoServesIt {" in text
        assert '"name": "fraud-detection-v12"' in text
        assert re.search(r"It took 49 calls to AWS; asked again, it took \d+\.$", text, re.MULTILINE)
        assert "Error:" not in text
        (aws,) = re.findall(r"The simulated AWS is at (\S+);", text)
        (gateway,) = re.findall(r"The console: (\S+)/console", text)
        assert "Imported ifrs9-macro-scenarios: 6 elements.\n" in text
        assert "  row count: passed, expected 20, actual 20\n" in text
        assert "The deployment of ifrs9-macro-scenarios-default is AWAITING_APPROVAL.\n" in text
        await assert_links_lead_where_they_say(gateway, text)
        (command_line,) = re.findall(r"^  (curl -s .+)$", text, re.MULTILINE)
        assert await comes_up(gateway, command_line) == ("DEPLOYED", "IN_SERVICE")
        assert await status_for(gateway, "rebound.example") == 421
        assert (await is_open(aws), await is_open(gateway)) == (True, True)
        assert await ended_by(process, signal.SIGINT) == (0, "")
    assert (await is_open(aws), await is_open(gateway)) == (False, False)


async def assert_links_lead_where_they_say(gateway: str, text: str) -> None:
    """The console, GraphiQL with a question that has an answer, and the page of the deployment that waits."""
    titles = "The console|One question, in GraphiQL|What waits for approval"
    links = re.findall(rf"^(?:{titles}): (\S+)$", text, re.MULTILINE)
    _, question, waiting = links
    async with httpx.AsyncClient(headers={"Accept": "text/html"}) as http:
        pages = [await http.get(link) for link in links]
        assert [page.status_code for page in pages] == [200, 200, 200]
        assert all(page.headers["content-type"].startswith("text/html") for page in pages)
        body = {"query": parse_qs(urlsplit(question).query)["query"][0]}
        answer = (await http.post(f"{gateway}/graphql", json=body, headers=DEMO_HEADERS)).json()
        assert "errors" not in answer
        models = answer["data"]["models"]["nodes"]
        assert len(models) == 5
        assert any(model["runtimes"]["nodes"] and model["jobs"]["nodes"] for model in models)
        waits = "query($id: ID!) { deployment(id: $id) { state } }"
        body = {"query": waits, "variables": {"id": unquote(waiting.rpartition("/")[2])}}
        answer = (await http.post(f"{gateway}/graphql", json=body, headers=APPROVER_HEADERS)).json()
        assert answer["data"] == {"deployment": {"state": "AWAITING_APPROVAL"}}


async def status_for(gateway: str, host: str) -> int:
    """The answer to a page of another site, whose name leads to this machine by now."""
    async with httpx.AsyncClient(base_url=gateway, headers={"Host": host}) as http:
        return (await http.post("/graphql", json={"query": "{ __typename }"}, headers=DEMO_HEADERS)).status_code


async def comes_up(gateway: str, command_line: str) -> tuple[str, str]:
    """How the deployment and its runtime stand in the end, once it is approved by what the demo says to send."""
    body = json.loads(shlex.split(command_line)[-1])
    stands = "{ deployments(first: 10) { nodes { state snapshotName runtime { status } } } }"
    async with httpx.AsyncClient(base_url=gateway) as http, asyncio.timeout(90):
        started = (await http.post("/graphql", json=body, headers=DEMO_HEADERS)).json()
        assert [error["extensions"]["code"] for error in started["errors"]] == ["FORBIDDEN"]
        approved = (await http.post("/graphql", json=body, headers=APPROVER_HEADERS)).json()
        assert approved["data"]["approveDeployment"] == {"deployment": {"state": "LAUNCHING"}, "userErrors": []}
        while True:
            answer = await http.post("/graphql", json={"query": stands}, headers=APPROVER_HEADERS)
            nodes = answer.json()["data"]["deployments"]["nodes"]
            (result,) = (node for node in nodes if node["snapshotName"] == "ifrs9-macro-scenarios-default")
            if result["state"] != "LAUNCHING":
                return result["state"], result["runtime"]["status"]
            await asyncio.sleep(0.2)


async def test_a_port_that_is_taken(sandbox: Sandbox) -> None:
    taken = sandbox.url.rpartition(":")[2]
    complaint = f"The gateway cannot listen on port {taken}: Address already in use. Try --port 0.\n"
    assert await finished("demo", "--port", taken) == (1, "", complaint)


def test_its_settings_serve_the_estate_s_two_groups(estate: Estate, sandbox: Sandbox) -> None:
    made = demo_settings(estate, sandbox.url, "sqlite+aiosqlite:///demo.db")
    assert {entry.group: entry.role_arn for entry in made.entries().assumed} == {
        "risk": estate.risk.role_arn,
        "marketing": estate.marketing.role_arn,
        "viewers": estate.risk.role_arn,
    }
    assert set(DEMO_HEADERS["X-Forwarded-Groups"].split(",")) == {"risk", "marketing"}
    assert estate.secret_access_key not in repr(made)
