"""The sandbox by itself, for any client that ``AWS_ENDPOINT_URL`` points to it; and a Jira."""

import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from sandbox.estate import Estate, fill, watch_endpoints, write_traffic
from sandbox.jira.accounts import GATEWAY
from sandbox.jira.server import JiraServer
from sandbox.server import Sandbox


@dataclass(frozen=True)
class Load:
    """The limits of the sandbox under load.

    Attributes:
        speed: Sandbox seconds per real second.
        latency_ms: Milliseconds added to each call.
        throttle: Calls of each List operation that an account may make in a second (2 is the reported limit of
            SageMaker); None for no limit.
    """

    speed: float = 1.0
    latency_ms: float = 0.0
    throttle: float | None = None


@dataclass(frozen=True)
class JiraOptions:
    """A stand-in Jira beside the sandbox.

    Attributes:
        cloud: Whether it is Cloud, and not Data Center.
        port: Its port; 0 for any free one.
    """

    cloud: bool = True
    port: int = 0


def run(
    port: int = 0,
    *,
    estate: bool = False,
    enforce: bool | None = None,
    load: Load = Load(),
    jira: JiraOptions | None = None,
    stop: threading.Event | None = None,
) -> int:
    """Serve until Ctrl-C; gives the exit code.

    Args:
        port: The port; 0 for any free one.
        estate: Whether the sandbox is filled with the estate.
        enforce: Whether IAM counts; None for yes with the estate, whose keys are known, and no without it.
        load: Speed, latency and limit of calls.
        jira: The stand-in Jira to serve; None for none.
        stop: Ends the server when it is set.
    """
    with ExitStack() as running:
        try:
            sandbox = running.enter_context(Sandbox.start(port))
            board = running.enter_context(JiraServer.start(cloud=jira.cloud, port=jira.port)) if jira else None
        except OSError as error:
            sys.stderr.write(f"The sandbox could not listen: {error.strerror}. Try --port 0 and --jira-port 0.\n")
            return 1
        filled = fill(sandbox, pipelined=True) if estate else None
        if filled is not None:
            write_traffic(sandbox, filled)
            watch_endpoints(filled)
        sandbox.enforce(on=estate if enforce is None else enforce)
        degrade(sandbox, load)
        _print_addresses(sandbox, filled, sys.stdout.write)
        if board is not None:
            print_jira(board, sys.stdout.write)
        sys.stdout.flush()
        try:
            (stop or threading.Event()).wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")
    return 0


def degrade(sandbox: Sandbox, load: Load) -> None:
    """Apply speed, latency and throttling of a load to the sandbox."""
    sandbox.clock.run(load.speed)
    if load.latency_ms:
        sandbox.faults.delay("*", load.latency_ms / 1000)
    if load.throttle:
        sandbox.faults.limit("List*", load.throttle)


def _print_addresses(sandbox: Sandbox, estate: Estate | None, write: Callable[[str], object]) -> None:
    write(f"An AWS is at {sandbox.url} (SageMaker, STS, IAM, S3, CloudWatch); Ctrl-C ends it.\n\n")
    write(f"  export AWS_ENDPOINT_URL={sandbox.url}\n")
    key, secret = (estate.access_key_id, estate.secret_access_key) if estate else ("any", "any")
    write(f"  export AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY={secret}\n\n")
    for group in estate.groups if estate else ():
        with_id = f" --external-id {group.external_id}" if group.external_id else ""
        write(f"Group {group.name}, {group.region}: aws sts assume-role --role-arn {group.role_arn}{with_id} ")
        write("--role-session-name me\n")
    write("IAM counts.\n" if sandbox.is_enforcing else "IAM does not count: any keys will do.\n")
    write(f"Calls are counted at {sandbox.url}/sandbox/calls; clock and trouble: see docs/sandbox.md.\n")


def print_jira(jira: JiraServer, write: Callable[[str], object]) -> None:
    """Print the address of the stand-in Jira, the settings for it, and the logins that can move its tickets.

    Args:
        jira: A running Jira.
        write: Takes each line.
    """
    project = jira.project
    write(f"\nA Jira ({'Cloud' if jira.cloud else 'Data Center'}) is at {jira.url}; open it to move its tickets.\n\n")
    write(f"  jira: {{url: {jira.url}, user: {GATEWAY.email}, token: {GATEWAY.token}, project: {project.key}}}\n\n")
    for person in project.people:
        write(f"{person.display_name} logs in to its REST API as {person.email or person.name}, {person.token}\n")
