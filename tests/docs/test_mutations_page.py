"""docs/mutations.md: its blocks do under the demo what the page says, for a registration and a job that are there."""

import re
from pathlib import Path
from typing import Any

from gateway.commands.demo import demo_settings
from gateway.commands.demo_examples import DEMO_HEADERS
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.docs.fences import fences
from tests.docs.shells import run_shell
from tests.gateway_client import fresh_database
from tests.live.subscribers import ServedGateway, served

PAGE = "docs/mutations.md"
LINK = fences(PAGE, "graphql")[-1]
(SEND,) = fences(PAGE, "")
IMPORT = 'mutation { importModel(input: {modelName: "fraud-detection-v12"}) { registration { id } } }'
JOBS = "{ jobs(first: 1, filter: {type: TRAINING}) { nodes { name } } }"
FORM = """mutation($id: ID!) { createAssetUpload(input: {registrationId: $id, role: TRAINING_DATA, name: "train.csv",
  contentType: "text/csv"}) { upload { uploadId url fields { name value } } userErrors { code message } } }"""
PUT = """mutation($id: ID!, $upload: ID!) { putAsset(input: {registrationId: $id, role: TRAINING_DATA,
  name: "train.csv", content: {uploadId: $upload}}) { userErrors { code message } } }"""


async def ask(gateway: ServedGateway, query: str, **variables: str) -> Any:
    body = {"query": query, "variables": variables}
    answer = (await gateway.client.http.post("/graphql", json=body, headers=DEMO_HEADERS)).json()
    assert answer.get("errors") is None
    return answer["data"]


async def test_its_blocks(sandbox: Sandbox, estate: Estate, tmp_path: Path) -> None:
    async with served(demo_settings(estate, sandbox.url, fresh_database())) as gateway:
        registration = (await ask(gateway, IMPORT))["importModel"]["registration"]["id"]
        (job,) = (await ask(gateway, JOBS))["jobs"]["nodes"]
        linked = (await ask(gateway, LINK.text.replace("churn-2026-03", job["name"]), id=registration))["linkJob"]
        assert (linked["userErrors"], linked["job"]["name"]) == ([], job["name"])
        assert "fraud-detection-v12" in linked["job"]["modelNames"]
        form = (await ask(gateway, FORM, id=registration))["createAssetUpload"]
        assert form["userErrors"] == []
        await send(form["upload"], tmp_path)
        taken = await ask(gateway, PUT, id=registration, upload=form["upload"]["uploadId"])
        assert taken["putAsset"] == {"userErrors": []}


async def send(upload: Any, folder: Path) -> None:
    """Run the page's command with the fields of a form, in its order: the file last."""
    shown = re.findall(r"-F ([\w-]+)=", SEND.text)
    given = {entry["name"]: entry["value"] for entry in upload["fields"]}
    assert shown[-1] == "file"
    assert given.keys() >= set(shown[:-1])
    (folder / "train.csv").write_text("1,2\n")
    fields = " ".join(f"-F '{name}={value}'" for name, value in given.items())
    await run_shell(f"curl -sf {fields} -F file=@train.csv '{upload['url']}'", folder)
