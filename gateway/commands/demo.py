"""`demo`: an AWS on this machine with an estate in it, the gateway on it, and the main question asked once."""

import argparse
import asyncio
import json
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import uvicorn

from aws.kinds import Kind
from aws.naming import encode_id
from gateway.app import create_app
from gateway.commands.migrate import migrated
from gateway.explorer.examples import EXAMPLES, MAIN, ONE_THING, Example
from gateway.logs import set_up_logs
from gateway.server import address, listening, server
from gateway.settings import Settings, from_mapping
from sandbox.estate import Estate, fill
from sandbox.serve import disturb
from sandbox.server import Sandbox

# Who opens the explorer under the demo: somebody in both groups, so that both accounts can be looked at.
HEADERS = {"X-Forwarded-User": "demo", "X-Forwarded-Groups": "risk,marketing", "X-Acting-Group": "risk"}
HOST = "127.0.0.1"
_SHOWN = 2600


def run(given: argparse.Namespace) -> int:
    """Runs until Ctrl-C."""
    set_up_logs(for_people=True, level=30)
    try:
        listener = listening(HOST, given.port)
    except OSError as error:
        print(f"The gateway cannot listen on port {given.port}: {error.strerror}. Try --port 0.", file=sys.stderr)
        return 1
    print("Starting an AWS on this machine …", flush=True)
    database = TemporaryDirectory(prefix="sagegraph-demo-")
    with listener, Sandbox.start() as sandbox, database as folder, suppress(KeyboardInterrupt):
        estate = fill(sandbox)
        sandbox.enforce()
        disturb(sandbox, speed=given.speed, latency_ms=given.latency_ms, throttle=given.throttle)
        made = settings(estate, sandbox.url, f"sqlite+aiosqlite:///{folder}/sagegraph.db")
        return asyncio.run(_demo(sandbox, estate, made, listener, once=given.once))
    return 0


def settings(estate: Estate, endpoint_url: str, database_url: str) -> Settings:
    """The demo's settings: the gateway's own keys, and a role to assume for each of the two groups."""
    roles = [
        {"group": group.name, "roleArn": group.role_arn, "region": group.region, "base": {"group": "gateway"}}
        | ({"externalId": group.external_id} if group.external_id else {})
        for group in estate.groups
    ]
    keys = {
        "group": "gateway",
        "authenticationType": "BASIC",
        "accessKeyId": estate.access_key_id,
        "secretAccessKey": estate.secret_access_key,
        "region": estate.marketing.region,
    }
    return from_mapping(
        {
            "aws": {"endpointUrl": endpoint_url},
            "database": {"url": database_url},
            "sagemaker-credentials": {"storedCredentials": [keys], "assumeRoleByGroup": roles},
            "permissions": [
                {"group": "*", "allow": ["READ"]},
                {"group": estate.marketing.name, "allow": ["READ", "SEE_SECRETS"]},
            ],
        }
    )


async def _demo(sandbox: Sandbox, estate: Estate, made: Settings, listener: socket.socket, *, once: bool) -> int:
    await migrated(made)
    app = create_app(made, examples=_examples(sandbox, estate), explorer_headers=HEADERS)
    running = server(app, *listener.getsockname()[:2])
    serving = asyncio.create_task(running.serve([listener]))
    if not await _started(running, serving):
        print("The gateway could not start; its log has said why.", file=sys.stderr)
        return 1
    await _show(address(running), sandbox.url)
    if once:
        running.should_exit = True
    await serving
    return 0


async def _started(running: uvicorn.Server, serving: "asyncio.Task[None]") -> bool:
    while not running.started and not serving.done():  # noqa: ASYNC110 - uvicorn tells of its start by a flag alone.
        await asyncio.sleep(0.02)
    return running.started


def _examples(sandbox: Sandbox, estate: Estate) -> list[Example]:
    """The worked examples; the one that asks by id gets an id of this estate."""
    group = estate.risk
    newest = sandbox.call("ListModels", group.account, group.region, SortBy="CreationTime")["Models"][0]["ModelName"]
    one = replace(ONE_THING, variables={"id": encode_id(Kind.MODEL, group.account, group.region, newest)})
    return [one if example is ONE_THING else example for example in EXAMPLES]


async def _show(gateway: str, aws: str) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{gateway}/graphql", json={"query": MAIN}, headers=HEADERS, timeout=60)
    body: Mapping[str, Any] = answer.json()
    whole = json.dumps(body.get("data"), indent=2)
    print(f"\nThe question\n{MAIN}\nThe answer, as `{HEADERS['X-Forwarded-User']}` of the group risk")
    print(whole if len(whole) <= _SHOWN else f"{whole[:_SHOWN]}\n  … {len(whole) - _SHOWN} more characters")
    for error in body.get("errors", ()):
        print(f"Error: {error['message']}")
    print(f"What it cost: {json.dumps(body['extensions'])}\n")
    print(f"AWS is at {aws}; two groups, risk and marketing, each with an account of its own.")
    print(f"GraphiQL is at {gateway}/graphql (change X-Acting-Group in its headers to be the other group).")
    print("Ctrl-C ends all of it.", flush=True)
