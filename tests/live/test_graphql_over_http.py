"""The audit of GraphQL over HTTP, by graphql-http from npm, against a gateway on a socket."""

import json
from collections import Counter
from pathlib import Path

from sandbox.server import Sandbox
from tests.live.conftest import listening
from tests.node_packages import run_node


async def test_every_audit_passes_with_get_queries(sandbox: Sandbox, node_packages: Path) -> None:
    async with listening(sandbox.url, server={"getQueries": True}) as (_, gateway):
        results = json.loads(await run_node(node_packages / "audit.mjs", f"{gateway.http.base_url}/graphql"))
    assert [result for result in results if result["status"] != "ok"] == []
    assert Counter(result["status"] for result in results) == {"ok": 61}
