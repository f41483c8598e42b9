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
from gateway.commands.demo_tour import DEMO_HEADERS, DemoDeployment, DemoTour, approval_command, demo_examples
from gateway.commands.migrate import migrate_database
from gateway.logging_setup import configure_logging
from gateway.server import bind_socket, create_server, server_url
from gateway.settings.settings import Settings, from_mapping
from sandbox.estate import Estate, fill
from sandbox.sagemaker.timeline import Durations
from sandbox.serve import Load, degrade
from sandbox.server import Sandbox

HOST = "127.0.0.1"
# Nobody waits four minutes for an endpoint in a demonstration.
FAST_DURATIONS = Durations(
    endpoint_creating=20, endpoint_updating=20, endpoint_deleting=10, job_starting=3, transforming=5
)


def run(arguments: argparse.Namespace) -> int:
    """Runs until Ctrl-C."""
    configure_logging(human_readable=True, level=30)
    try:
        listener = bind_socket(HOST, arguments.port)
    except OSError as error:
        print(f"The gateway cannot listen on port {arguments.port}: {error.strerror}. Try --port 0.", file=sys.stderr)
        return 1
    print("Starting an AWS on this machine …", flush=True)
    database = TemporaryDirectory(prefix="sagegraph-demo-")
    with listener, Sandbox.start() as sandbox, database as folder, suppress(KeyboardInterrupt):
        estate = fill(sandbox)
        sandbox.enforce()
        sandbox.timeline.durations = FAST_DURATIONS
        degrade(sandbox, Load(arguments.speed, arguments.latency_ms, arguments.throttle))
        settings = demo_settings(estate, sandbox.url, f"sqlite+aiosqlite:///{folder}/sagegraph.db")
        return asyncio.run(_run_demo(sandbox, estate, settings, listener, once=arguments.once))
    return 0


def demo_settings(estate: Estate, endpoint_url: str, database_url: str) -> Settings:
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


async def _run_demo(
    sandbox: Sandbox, estate: Estate, settings: Settings, listener: socket.socket, *, once: bool
) -> int:
    await migrate_database(settings)
    newest = sandbox.call("ListModels", estate.risk.account, estate.risk.region, SortBy="CreationTime")["Models"][0]
    shown = demo_examples(estate, newest["ModelName"], None)
    app = create_app(settings, examples=shown, explorer_headers=DEMO_HEADERS)
    running = create_server(app, *listener.getsockname()[:2])
    serving = asyncio.create_task(running.serve([listener]))
    if not await _wait_until_started(running, serving):
        print("The gateway could not start; its log has said why.", file=sys.stderr)
        return 1
    async with httpx.AsyncClient(base_url=server_url(running)) as http:
        demonstration = DemoTour(http, asyncio.sleep)
        await demonstration.ask_main_question()
        deployment = await demonstration.import_and_deploy()
    # The page is built at each opening; its last example needs the deployment that exists by now.
    shown[:] = demo_examples(estate, newest["ModelName"], deployment)
    _print_addresses(server_url(running), sandbox.url, deployment)
    if once:
        running.should_exit = True
    await serving
    return 0


async def _wait_until_started(running: uvicorn.Server, serving: "asyncio.Task[None]") -> bool:
    while not running.started and not serving.done():  # noqa: ASYNC110 - uvicorn tells of its start by a flag alone.
        await asyncio.sleep(0.02)
    return running.started


def _print_addresses(gateway: str, aws: str, deployment: DemoDeployment | None) -> None:
    if deployment is not None:
        print("`demo` may not approve what `demo` has started; `lead` of the group mlops may:")
        print(f"  {approval_command(gateway, deployment)}")
    print(f"\nAWS is at {aws}; two groups, risk and marketing, each with an account of its own.")
    print(f"GraphiQL is at {gateway}/graphql (change X-Acting-Group in its headers to be the other group).")
    print("Ctrl-C ends all of it.", flush=True)
