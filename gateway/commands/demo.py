"""`demo`: an AWS on this machine with an estate in it, the gateway on it, and a model's way to an endpoint."""

import argparse
import asyncio
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette

from gateway.app import ASSETS, CONSOLE_ASSETS, create_app
from gateway.browser_assets.built_files import BuiltFiles
from gateway.commands.demo_approval import BuiltinApproval, DemoApproval, JiraApproval, jira_settings, start_jira
from gateway.commands.demo_assets import REQUIRED_ASSETS
from gateway.commands.demo_examples import DEMO_HEADERS, DemoIds, demo_examples, watch_command
from gateway.commands.demo_links import demo_links, link_lines
from gateway.commands.demo_people import VIEWERS, demo_people
from gateway.commands.demo_tour import DemoError, DemoTour
from gateway.commands.migrate import migrate_database
from gateway.explorer.examples import Example
from gateway.host_check import LOOPBACK_NAMES
from gateway.logging_setup import configure_logging
from gateway.server import bind_socket, create_server, server_url, wait_until_started, warm_up
from gateway.settings.settings import Settings, from_mapping
from sandbox.estate import Estate, fill, watch_endpoints, write_traffic
from sandbox.jira.server import JiraServer
from sandbox.sagemaker.timeline import Durations
from sandbox.serve import Load, degrade
from sandbox.server import Sandbox
from workflows.deployments.deps import DeploymentIntervals

HOST = "127.0.0.1"
# Of a container, whose published port is reached from the engine's private network.
PRIVATE_PEERS = ["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
# An endpoint of SageMaker takes four minutes, too long for a demonstration.
FAST_DURATIONS = Durations(
    endpoint_creating=6, endpoint_updating=6, endpoint_deleting=3, job_starting=1, transforming=2
)
# Of the estate's instance types; AWS's own prices differ by region.
PRICES: Mapping[str, Any] = {
    "currency": "USD",
    "ml.m5.large": 0.115,
    "ml.m5.xlarge": 0.23,
    "ml.m5.2xlarge": 0.461,
    "ml.c5.2xlarge": 0.408,
    "ml.r5.xlarge": 0.302,
    "ml.g4dn.xlarge": 0.736,
    "ml.g5.xlarge": 1.408,
}
FAST_INTERVALS = DeploymentIntervals(poll=1)


@dataclass(frozen=True)
class DemoStage:
    """The parts that the demo runs on.

    Attributes:
        sandbox: The AWS.
        estate: Its contents.
        settings: The gateway's settings.
        approval: The way to approve a deployment.
        listener: The socket that the gateway listens at.
    """

    sandbox: Sandbox
    estate: Estate
    settings: Settings
    approval: DemoApproval
    listener: socket.socket


def run(arguments: argparse.Namespace) -> int:
    """Run the demo of the arguments until Ctrl-C; give 1 if the port is taken or a step of the tour fails."""
    configure_logging(human_readable=True, level=30)
    try:
        listener = bind_socket(arguments.host, arguments.port)
    except OSError as error:
        print(f"The gateway cannot listen on port {arguments.port}: {error.strerror}. Try --port 0.", file=sys.stderr)
        return 1
    print("Starting a simulated AWS on this machine …", flush=True)
    with ExitStack() as running, suppress(KeyboardInterrupt):
        running.enter_context(listener)
        jira = running.enter_context(start_jira()) if arguments.approval == "jira" else None
        sandbox = running.enter_context(Sandbox.start())
        folder = running.enter_context(TemporaryDirectory(prefix="sagegraph-demo-"))
        load = Load(arguments.speed, arguments.latency_ms, arguments.throttle)
        stage = _set_stage(sandbox, jira, listener, f"sqlite+aiosqlite:///{folder}/sagegraph.db", load)
        return asyncio.run(_run_demo(stage, once=arguments.once))
    return 0


def _set_stage(
    sandbox: Sandbox, jira: JiraServer | None, listener: socket.socket, database_url: str, load: Load
) -> DemoStage:
    estate = fill(sandbox, pipelined=True)
    write_traffic(sandbox, estate)
    watch_endpoints(estate)
    sandbox.enforce()
    sandbox.timeline.durations = FAST_DURATIONS
    degrade(sandbox, load)
    block = jira_settings(jira, f"http://{HOST}:{listener.getsockname()[1]}") if jira else None
    peers = None if listener.getsockname()[0] == HOST else PRIVATE_PEERS
    settings = demo_settings(estate, sandbox.url, database_url, block, peers)
    return DemoStage(sandbox, estate, settings, JiraApproval(jira) if jira else BuiltinApproval(), listener)


def demo_settings(
    estate: Estate,
    endpoint_url: str,
    database_url: str,
    jira: Mapping[str, Any] | None = None,
    peers: Sequence[str] | None = None,
) -> Settings:
    """The demo's settings: the gateway's own keys, and a role to assume for each of the two groups.

    Args:
        estate: The estate, whose keys and roles are used.
        endpoint_url: The address of the simulated AWS.
        database_url: The address of the registry.
        jira: The block `jira` if Jira approves; None for the gateway's own approvals.
        peers: The networks whose identity headers count; None for this machine's alone.
    """
    deployments = {
        "requiredAssets": [role.value for role in REQUIRED_ASSETS],
        "rehearsal": {"outputS3Uri": f"s3://{estate.risk.bucket}/rehearsals/"},
        "watchSeconds": 5,
    }
    return from_mapping(
        {
            "aws": {"endpointUrl": endpoint_url},
            "database": {"url": database_url},
            "sagemaker-credentials": _demo_credentials(estate),
            "permissions": [
                {"group": "*", "allow": ["READ"]},
                {"group": estate.risk.name, "allow": ["IMPORT", "CREATE_JOBS", "DEPLOY"]},
                {"group": estate.marketing.name, "allow": ["READ", "SEE_SECRETS", "DEPLOY_WITHOUT_APPROVAL"]},
                {"group": "mlops", "allow": ["APPROVE", "AUDIT"], "over": [estate.risk.name]},
            ],
            "assets": {"bucket": estate.risk.bucket},
            "prices": PRICES,
            "deployments": deployments | ({"approval": "jira"} if jira else {}),
            **({"jira": jira} if jira else {}),
            **({"identity": {"trustedPeers": peers}} if peers else {}),
        }
    )


def _demo_credentials(estate: Estate) -> Mapping[str, Any]:
    roles = [
        {"group": group.name, "roleArn": group.role_arn, "region": group.region, "base": {"group": "gateway"}}
        | ({"externalId": group.external_id} if group.external_id else {})
        for group in estate.groups
    ]
    # Viewers are a group of their own with another group's role, so that both share one inventory of SageMaker.
    roles.append({**roles[0], "group": VIEWERS})
    keys = {
        "group": "gateway",
        "authenticationType": "BASIC",
        "accessKeyId": estate.access_key_id,
        "secretAccessKey": estate.secret_access_key,
        "region": estate.marketing.region,
    }
    return {"storedCredentials": [keys], "assumeRoleByGroup": roles}


async def _run_demo(stage: DemoStage, *, once: bool) -> int:
    await migrate_database(stage.settings)
    group = stage.estate.risk
    newest = stage.sandbox.call("ListModels", group.account, group.region, SortBy="CreationTime")["Models"][0]
    approves = isinstance(stage.approval, BuiltinApproval)
    shown = demo_examples(stage.estate, newest["ModelName"], None, approves=approves)
    app = _demo_app(stage, shown)
    warm_up(app)
    running = create_server(app, *stage.listener.getsockname()[:2])
    serving = asyncio.create_task(running.serve([stage.listener]))
    if not await wait_until_started(running, serving):
        print("The gateway could not start; its log has said why.", file=sys.stderr)
        return 1
    gateway, status = _local_url(running), 0
    waiting = f"{gateway}/console/inbox"
    try:
        ids, waiting = await _guide(stage, gateway, once=once)
        # The page is built at each opening; its last examples need ids that exist by now.
        shown[:] = demo_examples(stage.estate, newest["ModelName"], ids, approves=approves)
    except DemoError as error:
        print(error, file=sys.stderr)
        status = 1
    if once:
        running.should_exit = True
    else:
        _print_addresses(gateway, stage.sandbox.url, waiting)
    await serving
    return status


def _demo_app(stage: DemoStage, examples: Sequence[Example]) -> Starlette:
    # A container's published port is reached by names of other machines, which nobody here knows.
    hosts = LOOPBACK_NAMES if stage.listener.getsockname()[0] == HOST else None
    return create_app(
        stage.settings,
        examples=examples,
        explorer_headers=DEMO_HEADERS,
        intervals=FAST_INTERVALS,
        people=demo_people(stage.estate),
        hosts=hosts,
    )


async def _guide(stage: DemoStage, gateway: str, *, once: bool) -> tuple[DemoIds, str]:
    """Show a question and the lifecycle; with `once` to its end, as then no person approves. Raises DemoError.

    Returns:
        The ids that the tour has made, and the address of the page on which the deployment is approved.
    """
    async with httpx.AsyncClient(base_url=gateway) as http:
        tour = DemoTour(http, stage.estate, asyncio.sleep)
        await tour.ask_question()
        ids = await tour.bring_to_approval()
        ticket = await tour.ticket_of(ids.deployment)
        if once:
            await tour.approve_and_launch(stage.approval, ids.deployment)
        else:
            print(stage.approval.invitation(gateway, ids.deployment, ticket))
            print(f"To watch it, in another terminal:\n  {watch_command(gateway, ids)}")
        return ids, stage.approval.page(gateway, ids.deployment, ticket)


def _local_url(running: uvicorn.Server) -> str:
    """The gateway's URL on this machine, even if it listens at every address."""
    return server_url(running).replace("//0.0.0.0:", "//localhost:")


def _print_addresses(gateway: str, aws: str, waiting: str) -> None:
    pages = {"console": BuiltFiles(CONSOLE_ASSETS), "explorer": BuiltFiles(ASSETS)}
    print(f"\n3. Open in a browser\n\n{link_lines(demo_links(gateway, waiting), pages)}\n")
    print(f"The simulated AWS is at {aws}; the groups risk and marketing have an account each.")
    print("In GraphiQL, X-Acting-Group in the headers chooses the group.")
    print("Ctrl-C ends all of it.", flush=True)
