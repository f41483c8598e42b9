"""A repeated query: within the freshness age, after it, and after runtime descriptions expire."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from benchmarks import call_bounds, processes, queries
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.estates import SIZES
from benchmarks.figures import BenchmarkResult, Goal, Table, calls_table, format_seconds
from benchmarks.processes import GatewayProcess, SandboxProcess

ESTATES = {"100 models": "hundred-models", "2,000 models": "two-thousand-models"}
REGION = "us-east-2"
FRESH_SECONDS = 5.0
"""The setting's default, fixed here so that a changed default is not measured by mistake."""
RUNTIME_SECONDS = 60.0
"""The longest that a runtime's description is kept."""
MOST = 8
COLD, INSIDE, OUTSIDE, OLD = "cold", "inside the window", "outside it", "after a minute"


@dataclass(frozen=True)
class WarmRun:
    """One question.

    Attributes:
        seconds: The time until its answer.
        calls: Its calls to AWS as the sandbox counted them, by operation.
        reported: Its calls as `extensions.aws` reports them.
        errors: The messages of its errors.
    """

    seconds: float
    calls: Mapping[str, int]
    reported: Mapping[str, int]
    errors: tuple[str, ...]


@dataclass(frozen=True)
class WarmSetup:
    """An estate in a sandbox of its own, and a gateway on it.

    Attributes:
        aws: The sandbox.
        gateway: The gateway.
    """

    aws: SandboxProcess
    gateway: GatewayProcess

    def ask(self) -> WarmRun:
        """Ask the question, and give it with its cost."""
        self.aws.forget_calls()
        answer = self.gateway.ask(queries.FIRST_READ)
        text = (answer.body.get("extensions") or {}).get("aws", {}).get("calls", {})
        return WarmRun(answer.seconds, self.aws.calls(), text, tuple(answer.errors))

    def look_at_all_models(self) -> None:
        """Walk over every page of models, so that all of them are known."""
        after: str | None = None
        more = True
        while more:
            page = self.gateway.ask(queries.ALL_MODELS, {"after": after}).body["data"]["models"]["pageInfo"]
            after, more = page["endCursor"], page["hasNextPage"]


def measure(_options: RunOptions) -> BenchmarkResult:
    """Ask at both sizes at the same time; each wait then serves both."""
    with ExitStack() as stack:
        stages = {name: _stage(stack, estate) for name, estate in ESTATES.items()}
        asked: dict[str, dict[str, WarmRun]] = {}
        for name, stage in stages.items():
            asked[name] = {COLD: stage.ask()}
        begun = time.monotonic()
        for name, stage in stages.items():
            stage.look_at_all_models()
            stage.ask()
            asked[name][INSIDE] = stage.ask()
        time.sleep(FRESH_SECONDS + 0.5)
        for name, stage in stages.items():
            asked[name][OUTSIDE] = stage.ask()
        time.sleep(max(FRESH_SECONDS, begun + RUNTIME_SECONDS - time.monotonic()) + 0.5)
        for name, stage in stages.items():
            asked[name][OLD] = stage.ask()
    return result(asked)


def result(runs: Mapping[str, Mapping[str, WarmRun]]) -> BenchmarkResult:
    """Sum up the cost of the runs, by estate and time."""
    rows = [
        [
            f"{name}, {when}",
            format_seconds([run.seconds]),
            str(call_bounds.counted_calls(run.calls)),
            _agreement(run),
        ]
        for name, moments in runs.items()
        for when, run in moments.items()
    ]
    columns = {
        f"{name}, {when}": moments[when].calls for name, moments in runs.items() for when in (INSIDE, OUTSIDE, OLD)
    }
    goals = [_goal(name, moments, when) for name, moments in runs.items() for when in (INSIDE, OUTSIDE, OLD)]
    figures: dict[str, Any] = {
        name: {
            when: {
                "seconds": warm_run.seconds,
                "calls": dict(warm_run.calls),
                "said": dict(warm_run.reported),
                "errors": warm_run.errors,
            }
            for when, warm_run in moments.items()
        }
        for name, moments in runs.items()
    }
    tables = [Table(["when", "seconds", "SageMaker calls", "`extensions.aws` says"], rows), calls_table(columns)]
    return BenchmarkResult(tables, goals, figures)


def _goal(name: str, moments: Mapping[str, WarmRun], when: str) -> Goal:
    asked, most = moments[when], 0 if when == INSIDE else MOST
    calls = sum(asked.calls.values())
    return Goal(f"{name}, {when}: at most {most} calls", f"{calls} calls", calls <= most and not asked.errors)


def _agreement(runs: WarmRun) -> str:
    seen = {operation: n for operation, n in runs.calls.items() if operation in runs.reported or n}
    apart = {operation: n for operation, n in seen.items() if operation not in call_bounds.COUNTED_APART}
    numbers = {operation: n for operation, n in runs.reported.items() if operation not in call_bounds.COUNTED_APART}
    return "the same" if numbers == apart else f"{sum(numbers.values())} calls"


def _stage(stack: ExitStack, estate: str) -> WarmSetup:
    aws = stack.enter_context(processes.start_sandbox({REGION: estate}))
    aws.degrade(latency=0.05)
    settings = {"freshSeconds": FRESH_SECONDS}
    return WarmSetup(aws, stack.enter_context(processes.start_gateway(aws.url, REGION, sagemaker=settings)))


SIZE = SIZES["two-thousand-models"]
CASE = BenchmarkCase(
    "warm",
    "The same question again, warm, at 100 models (300 snapshots, 100 runtimes, 500 jobs) and at 2,000 models "
    f"({SIZE.snapshots} snapshots, {SIZE.runtimes} runtimes, {SIZE.jobs} jobs), every model known.",
    "Inside the window nothing is asked. Outside it, at either size, the five listings are asked for what is newer, "
    "one page each; after a minute the runtimes are read again, which Search does in one call: 5 and 6 calls.",
    measure,
)
