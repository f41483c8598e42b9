"""gateway.commands.explore: one's own account, by ambient keys, on this machine only, and nothing but reads."""

import argparse
import json
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from mcp import Client
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from gateway.commands.explore import run
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway.commands.command_processes import command, ended_by, until

pytestmark = pytest.mark.crash

MODELS = {"query": "{ me { subject groups roles { region } } models(first: 1) { totalCount nodes { name region } } }"}


@pytest.fixture
def ambient(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sandbox: Sandbox, estate: Estate) -> Estate:
    """The estate's keys in the environment, and an AWS that looks at them; temporary files lie in a folder of ours."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", sandbox.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", estate.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", estate.secret_access_key)
    monkeypatch.setenv("AWS_REGION", estate.risk.region)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    return estate


@asynccontextmanager
async def exploring(*arguments: str) -> AsyncIterator[tuple[str, str, httpx.AsyncClient]]:
    """The gateway's address, what was printed before it, and a client of it; nothing went wrong by its end."""
    async with command("explore", "--port", "0", *arguments, anew=True) as process:
        lines = await until(process.stdout, "Ctrl-C ends it")
        (url,) = re.findall(r"GraphiQL is at (http://127\.0\.0\.1:\d+)/graphql", "".join(lines))
        async with httpx.AsyncClient(base_url=url) as http:
            yield url, lines[0], http
        assert await ended_by(process, signal.SIGINT) == (0, "")


async def test_the_first_question_is_answered_from_ones_own_account(
    ambient: Estate, sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.calls.clear()
    async with exploring("--region", "us-east-2") as (url, line, http):
        assert ambient.access_key_id not in line
        assert re.match(r"Reading as arn:aws:iam::\d{12}:user/\S+, in us-east-2\.", line)
        answer = (await http.post("/graphql", json=MODELS)).json()
        assert "errors" not in answer
        assert answer["data"]["me"] == {"subject": "explore", "groups": [], "roles": [{"region": "us-east-2"}]}
        assert answer["data"]["models"]["totalCount"] == len(answer["data"]["models"]["nodes"])
        assert sandbox.calls.count("ListModels") == 1
        refused = await http.post(
            "/graphql", json={"query": 'mutation { stopJob(input: {type: TRAINING, name: "a"}) { job { id } } }'}
        )
        assert [error["extensions"]["code"] for error in refused.json()["errors"]] == ["FORBIDDEN"]
        assert len(list((tmp_path / "temporary").iterdir())) == 1
        async with Client(f"{url}/mcp") as tools:
            (told,) = (await tools.call_tool("who_am_i")).content
        assert json.loads(told.text)["data"]["me"]["subject"] == "explore"  # type: ignore[union-attr]  # It is text.
        await assert_pages_of_other_sites_are_refused(url, http)
    assert list((tmp_path / "temporary").iterdir()) == []


async def assert_pages_of_other_sites_are_refused(url: str, http: httpx.AsyncClient) -> None:
    """Sees that neither a page that has rebound its name nor one that posts a form is answered."""
    foreign = {"Host": "evil.example:8000", "Origin": "http://evil.example:8000"}
    assert (await http.post("/graphql", json=MODELS, headers=foreign)).status_code == 421
    assert (await http.get("/graphql/schema.graphql", headers=foreign)).status_code == 421
    assert (await http.post("/mcp", json={}, headers=foreign)).status_code == 421
    form = await http.post(
        "/graphql", content='{"query": "{ me { subject } }"}', headers={"Content-Type": "text/plain"}
    )
    assert form.status_code >= 400
    assert (
        "access-control-allow-origin"
        not in (await http.options("/graphql", headers={"Origin": "http://evil.example"})).headers
    )
    socket = url.replace("http", "ws") + "/graphql"
    for headers in (foreign, {"Origin": "http://evil.example"}):
        with pytest.raises(InvalidStatus) as refused:
            await connect(socket, additional_headers=headers, subprotocols=["graphql-transport-ws"]).__aenter__()  # type: ignore[list-item]  # A name.
        assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"AWS_ACCESS_KEY_ID": ""}, "credentials"),
        ({"AWS_PROFILE": "nobody"}, "nobody"),
        ({"AWS_REGION": ""}, "--region"),
    ],
)
def test_without_credentials_or_a_region_nothing_starts(
    ambient: Estate,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variables: dict[str, str],
    words: str,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert run(argparse.Namespace(profile=None, region=None, port=0)) == 1
    printed = capsys.readouterr()
    assert (printed.out, words in printed.err) == ("", True)
