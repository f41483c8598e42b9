"""A process that takes deployments through their phases: `python -m tests.workflows.deployments.worker DATABASE AWS`.

It takes on standard input, and says `ready` once it has begun:

    use JSON      has these blocks of settings besides
    go SECONDS    begins, with a lease of so many seconds
    readiness     says `readiness` and what `/readyz` would say, as JSON
    die POINT     kills itself, as kill -9 does, once it comes to this point
    hold POINT    says `held POINT` and waits there
    open POINT    goes on from there
    close         ends in good order

Before it dies it says `unanswered OPERATION` for each call that changes something in AWS and is under way.

A point is before or after what a step does (`verify/verify before`, `verify/verify after`), or around a call to AWS
that changes something (`CreateEndpoint asked`, `CreateEndpoint answered`).
"""

import asyncio
import json
import os
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import pytest

from aws.client.client import AwsClient
from gateway.bootstrap import start_process
from gateway.draining import Drain
from gateway.readiness import Readiness
from tests.deployments import DEPLOYMENT_PERMISSIONS, DEPLOYMENT_SETTINGS
from tests.gateway_client import load_test_settings
from workflows.deployments.deps import DeploymentIntervals as Lifecycle
from workflows.durable.context import WorkflowContext
from workflows.durable.engine import Engine, EngineTimings

# Sweeps are quick, as what was killed is only found by them.
_LIFECYCLE = partial(Lifecycle, poll=0.1, sweep=0.2)

DEPLOYMENTS = {**DEPLOYMENT_SETTINGS, "watchSeconds": 3600}

_STEP, _WRITE = WorkflowContext.step, AwsClient.write


class Points:
    """Where the process dies, or waits."""

    def __init__(self) -> None:
        self.deaths: set[str] = set()
        self.holds: set[str] = set()
        self.unanswered: Counter[str] = Counter()
        self.gates: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def come(self, point: str) -> None:
        """Dies, waits, or goes on."""
        if point in self.deaths:
            for operation in self.unanswered.elements():
                say(f"unanswered {operation}")
            say(f"dies {point}")
            os.kill(os.getpid(), signal.SIGKILL)
        if point in self.holds:
            say(f"held {point}")
            await self.gates[point].wait()

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Puts the points into steps and into calls that change something, and lets nobody be waited for long."""

        async def step(
            work: WorkflowContext, name: str, function: Callable[..., Awaitable[Any]], *arguments: Any, **more: Any
        ) -> Any:
            label = f"{work.id.split('/')[0 if work.id.startswith('ticket/') else -1]}/{name}"

            async def around(*value: Any) -> Any:
                await self.come(f"{label} before")
                done = await function(*value)
                await self.come(f"{label} after")
                return done

            return await _STEP(work, name, around, *arguments, **more)

        async def write(calls: AwsClient, operation: str, /, **parameters: Any) -> Any:
            await self.come(f"{operation} asked")
            self.unanswered[operation] += 1
            try:
                answer = await _WRITE(calls, operation, **parameters)
            finally:
                self.unanswered[operation] -= 1
            await self.come(f"{operation} answered")
            return answer

        patch.setattr(WorkflowContext, "step", step)
        patch.setattr(AwsClient, "write", write)
        patch.setattr("gateway.bootstrap.DeploymentIntervals", _LIFECYCLE)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(database_url: str, aws_url: str) -> None:
    points, lines = Points(), asyncio.StreamReader()
    patch = pytest.MonkeyPatch()
    points.install(patch)
    await asyncio.get_running_loop().connect_read_pipe(partial(asyncio.StreamReaderProtocol, lines), sys.stdin)
    blocks: dict[str, Any] = {
        "permissions": DEPLOYMENT_PERMISSIONS,
        "deployments": DEPLOYMENTS,
        "database": {"url": database_url},
    }
    engines: list[Engine] = []
    async with AsyncExitStack() as stack:
        while command := (await lines.readline()).decode().rstrip():
            word, _, point = command.partition(" ")
            match word:
                case "use":
                    blocks |= json.loads(point)
                case "readiness":
                    report = await Readiness(engines[-1], Drain()).report()
                    say(f"readiness {json.dumps(report.body)}")
                case "go":
                    timings = EngineTimings(lease=float(point), dead_after=0.2, close_timeout=1)
                    patch.setattr("gateway.bootstrap.Engine", partial(Engine, timings=timings))
                    engines.append((await start_process(load_test_settings(aws_url, **blocks), stack)).engine)
                    say(f"lease {engines[-1].lease}\nready")
                case "die":
                    points.deaths.add(point)
                case "hold":
                    points.holds.add(point)
                case "open":
                    points.gates[point].set()
                case _:
                    break
    say("closed")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
