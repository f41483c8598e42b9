"""Processor time of a gateway with a thousand deployments that await approval."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from benchmarks import processes
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.databases import POSTGRES, SQLITE, database
from benchmarks.estates import ACCOUNT
from benchmarks.figures import BenchmarkResult, Goal, Table, format_seconds
from benchmarks.machine import cpu_seconds
from benchmarks.processes import GROUP, GatewayProcess, SandboxProcess
from registry import deployments, tickets
from registry.database import Database
from registry.deployment_rows import NewDeployment
from registry.enums import DeploymentState, DeploymentTrigger, TicketKind

REGION = "us-east-2"
ESTATE = "hundred-models"
WAITING = 1000
NONE, MANY = "none", f"{WAITING}"
SETTLING_SECONDS, WINDOW_SECONDS = 15.0, 60.0
"""A window holds all looks: at running work (every 5 s), for work left behind (30 s), for new snapshots (60 s)."""
GOAL = 0.005
QUESTION = "{ deployments(filter: {state: AWAITING_APPROVAL}, first: 1) { totalCount } }"


@dataclass(frozen=True)
class IdleRun:
    """Gateways that nobody asks anything, side by side.

    Attributes:
        seconds: Processor time of each gateway in each window, by the number of deployments that wait in it.
        counted: The number of waiting deployments that each reports at the end.
        calls: The calls to AWS of both, all windows together.
    """

    seconds: Mapping[str, Sequence[float]]
    counted: Mapping[str, int]
    calls: int


def measure(options: RunOptions) -> BenchmarkResult:
    """Let two gateways wait at once, one with a thousand deployments, on each database, for the options' rounds."""
    with processes.start_sandbox({REGION: ESTATE}) as aws:
        return result({kind: _wait(aws, kind, options.rounds) for kind in (SQLITE, POSTGRES)})


def _wait(aws: SandboxProcess, kind: str, rounds: int) -> IdleRun:
    with ExitStack() as stack:
        urls = {name: stack.enter_context(database(kind)) for name in (NONE, MANY)}
        gateways = {
            user: stack.enter_context(processes.start_gateway(aws.url, REGION, database={"url": url}))
            for user, url in urls.items()
        }
        asyncio.run(_fill(urls[MANY]))
        time.sleep(SETTLING_SECONDS)
        aws.forget_calls()
        seconds: dict[str, list[float]] = {person: [] for person in gateways}
        for _ in range(rounds):
            before = {name: cpu_seconds(gateway.pid) for name, gateway in gateways.items()}
            time.sleep(WINDOW_SECONDS)
            for person, gateway in gateways.items():
                seconds[person].append(cpu_seconds(gateway.pid) - before[person])
            print(
                f"  {kind}: " + ", ".join(f"{name} waiting {of[-1]:.2f} s" for name, of in seconds.items()), flush=True
            )
        calls = sum(aws.calls().values())
        return IdleRun(seconds, {name: _counted(gateway) for name, gateway in gateways.items()}, calls)


async def _fill(url: str) -> None:
    """Keep deployments that wait for approval, each with its ticket, as the lifecycle leaves them."""
    now = datetime.now(UTC)
    async with Database(url) as registry, registry.writing() as connection:
        for number in range(1, WAITING + 1):
            new = NewDeployment(
                group=GROUP,
                account_id=ACCOUNT,
                region=REGION,
                snapshot_name=f"waiting-{number}",
                snapshot_created_at=now,
                snapshot_digest="0" * 64,
                trigger=DeploymentTrigger.REQUEST,
                started_by="ana",
                started_at=now,
            )
            row, _ = await deployments.start(connection, new)
            await deployments.transition(connection, row, DeploymentState.AWAITING_APPROVAL, now)
            await tickets.create(connection, row.key, row.attempt, TicketKind.APPROVAL, now)
            await tickets.mark_filed(connection, number, tickets.FiledTicket(f"SG-{number}", None, "Open"), now)


def _counted(gateway: GatewayProcess) -> int:
    answer = gateway.ask(QUESTION)
    if answer.errors:
        raise processes.StartError(f"The deployments cannot be counted: {answer.errors[0]}")
    return int(answer.body["data"]["deployments"]["totalCount"])


def result(idle: Mapping[str, IdleRun]) -> BenchmarkResult:
    """Sum up the windows of idle gateways, by database."""
    rows = [
        [f"{name} waiting, {kind}", format_seconds(of), f"{max(of) / WINDOW_SECONDS:.4f}"]
        for kind, run in idle.items()
        for name, of in run.seconds.items()
    ]
    figures: dict[str, Any] = {
        kind: {"seconds": run.seconds, "counted": run.counted, "calls": run.calls} for kind, run in idle.items()
    }
    return BenchmarkResult(
        tables=[Table([f"gateway, {WINDOW_SECONDS:.0f} s", "processor time", "of a core, at the most"], rows)],
        goals=[_there(idle), *(_cheap(kind, item) for kind, item in idle.items())],
        figures=figures,
        notes=["The kernel counts processor time in hundredths of a second."],
    )


def _there(idle: Mapping[str, IdleRun]) -> Goal:
    """Require that the deployments do wait, and that AWS is not asked about them."""
    there = all(run.counted == {NONE: 0, MANY: WAITING} for run in idle.values())
    calls = sum(run.calls for run in idle.values())
    text = f"{WAITING} deployments wait in one of the two, and AWS is not asked"
    result = "so it is" if there and not calls else f"they wait: {there}; {calls} calls"
    return Goal(text, result, there and not calls)


def _cheap(kind: str, idle: IdleRun) -> Goal:
    """Compare the worst window of the many with the best of none: other work of the machine then counts against us."""
    share = (max(idle.seconds[MANY]) - min(idle.seconds[NONE])) / WINDOW_SECONDS
    text = f"{kind}: {WAITING} take at most {GOAL:.1%} of a core more than none"
    return Goal(text, f"{share:.2%} more", share <= GOAL)


CASE = BenchmarkCase(
    "waiting",
    f"{WAITING} deployments that await approval, SQLite and PostgreSQL: the processor time of a gateway that nobody "
    "asks, against one beside it that has none.",
    "Nothing runs for one that waits: the looks at what runs and for what was left take some statements each, whose "
    "indexes leave those out that wait for somebody. About 0.7 s a minute for either, and no difference.",
    measure,
)
