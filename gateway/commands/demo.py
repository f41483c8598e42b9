"""`demo`: an AWS on this machine with an estate in it, the gateway on it, the main question, and one import."""

import argparse
import asyncio
import socket
import sys
from contextlib import suppress
from tempfile import TemporaryDirectory

import httpx
import uvicorn

from gateway.app import create_app
from gateway.commands.demonstration import HEADERS, Demonstration, Walk, approval, examples
from gateway.commands.migrate import migrated
from gateway.logs import set_up_logs
from gateway.server import address, listening, server
from gateway.settings import Settings, from_mapping
from sandbox.estate import Estate, fill
from sandbox.sagemaker.life import Pace
from sandbox.serve import disturb
from sandbox.server import Sandbox

HOST = "127.0.0.1"
# Nobody waits four minutes for an endpoint in a demonstration.
QUICK = Pace(endpoint_creating=20, endpoint_updating=20, endpoint_deleting=10, job_starting=3, transforming=5)


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
        sandbox.life.pace = QUICK
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
                {"group": estate.risk.name, "allow": ["IMPORT", "CREATE_JOBS", "DEPLOY"]},
                {"group": estate.marketing.name, "allow": ["READ", "SEE_SECRETS"]},
                {"group": "mlops", "allow": ["APPROVE", "AUDIT"], "over": [estate.risk.name]},
            ],
            "assets": {"bucket": estate.risk.bucket},
            # An import walks to somebody's approval by itself: nothing is asked for on the way.
            "deployments": {
                "requiredAssets": [],
                "rehearsal": {"outputS3Uri": f"s3://{estate.risk.bucket}/rehearsals/"},
                "watchSeconds": 5,
            },
        }
    )


async def _demo(sandbox: Sandbox, estate: Estate, made: Settings, listener: socket.socket, *, once: bool) -> int:
    await migrated(made)
    newest = sandbox.call("ListModels", estate.risk.account, estate.risk.region, SortBy="CreationTime")["Models"][0]
    shown = examples(estate, newest["ModelName"], None)
    app = create_app(made, examples=shown, explorer_headers=HEADERS)
    running = server(app, *listener.getsockname()[:2])
    serving = asyncio.create_task(running.serve([listener]))
    if not await _started(running, serving):
        print("The gateway could not start; its log has said why.", file=sys.stderr)
        return 1
    async with httpx.AsyncClient(base_url=address(running)) as http:
        demonstration = Demonstration(http, asyncio.sleep)
        await demonstration.main_question()
        walk = await demonstration.import_and_walk()
    # The page is made anew for whoever opens it, and its last example wants the deployment that there is now.
    shown[:] = examples(estate, newest["ModelName"], walk)
    _tell(address(running), sandbox.url, walk)
    if once:
        running.should_exit = True
    await serving
    return 0


async def _started(running: uvicorn.Server, serving: "asyncio.Task[None]") -> bool:
    while not running.started and not serving.done():  # noqa: ASYNC110 - uvicorn tells of its start by a flag alone.
        await asyncio.sleep(0.02)
    return running.started


def _tell(gateway: str, aws: str, walk: Walk | None) -> None:
    if walk is not None:
        print("`demo` may not approve what `demo` has started; `lead` of the group mlops may:")
        print(f"  {approval(gateway, walk)}")
    print(f"\nAWS is at {aws}; two groups, risk and marketing, each with an account of its own.")
    print(f"GraphiQL is at {gateway}/graphql (change X-Acting-Group in its headers to be the other group).")
    print("Ctrl-C ends all of it.", flush=True)
