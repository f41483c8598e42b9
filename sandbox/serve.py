"""The sandbox by itself, for anyone's client: any program pointed at it with ``AWS_ENDPOINT_URL`` works."""

import sys
import threading
from collections.abc import Callable

from sandbox.estate import Estate, fill
from sandbox.server import Sandbox


def run(
    port: int = 0,
    *,
    estate: bool = False,
    enforce: bool | None = None,
    speed: float = 1.0,
    latency_ms: float = 0.0,
    throttle: float | None = None,
    stop: threading.Event | None = None,
) -> int:
    """Serve until Ctrl-C, or until ``stop`` is set; gives the exit code.

    ``estate`` fills it; ``enforce`` lets IAM count (left out: where there is an estate, whose keys are known).
    ``speed``, ``latency_ms`` and ``throttle`` as in :func:`disturb`.
    """
    try:
        sandbox = Sandbox.start(port)
    except OSError as error:
        sys.stderr.write(f"The sandbox could not listen on port {port}: {error.strerror}. Try --port 0.\n")
        return 1
    with sandbox:
        filled = fill(sandbox) if estate else None
        sandbox.enforce(on=estate if enforce is None else enforce)
        degrade(sandbox, speed=speed, latency_ms=latency_ms, throttle=throttle)
        _print_addresses(sandbox, filled, sys.stdout.write)
        sys.stdout.flush()
        try:
            (stop or threading.Event()).wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")
    return 0


def degrade(sandbox: Sandbox, *, speed: float = 1.0, latency_ms: float = 0.0, throttle: float | None = None) -> None:
    """Make it less comfortable: time goes ``speed`` times as fast, every call takes longer, lists are limited.

    ``latency_ms`` is added to each call; ``throttle`` is how many calls of each List operation an account may make in
    a second (2 is what SageMaker is reported to allow).
    """
    sandbox.clock.run(speed)
    if latency_ms:
        sandbox.faults.delay("*", latency_ms / 1000)
    if throttle:
        sandbox.faults.limit("List*", throttle)


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
