"""A question about one model: the first one in a large account, and a warm one as the account grows."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks import call_bounds, processes, queries
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.estates import SIZES, name_of
from benchmarks.figures import (
    BenchmarkResult,
    Goal,
    Table,
    alternating_order,
    calls_table,
    format_ratio,
    format_seconds,
)
from benchmarks.machine import cpu_seconds
from benchmarks.processes import GatewayProcess, SandboxProcess, TimedResponse

REGION = "us-east-2"
LATENCY = 0.005
FIRST_ESTATE = "12000-jobs"
MOST_FIRST_CALLS, MOST_WARM_CALLS = 400, 8
SHOWN_JOBS = 10
AGES = {"freshSeconds": 5, "deletionSeconds": 300, "authoritySeconds": 20}
"""An authority age that a benchmark can wait for; no measured figure depends on its length."""

ESTATES = {jobs: f"{jobs}-jobs" for jobs in (200, 2_000, 12_000, 50_000)}
QUESTIONS = 60
MOST_GROWTH, MOST_SECONDS = 1.3, 0.010
LONG_AGES = {"freshSeconds": 3000, "deletionSeconds": 3100, "authoritySeconds": 3600}
"""Ages so long that nothing is read anew; answers outside of a window are measured by the other row."""
LIMITS = {"seconds": 900, "scan": 100_000}
COUNT_ALL = "{ models(first: 100) { nodes { name jobs(first: 1) { totalCount } } } }"


def measure_first(_options: RunOptions) -> BenchmarkResult:
    """Ask a gateway that knows nothing, and again inside the window, outside it, and after the authority age."""
    with (
        processes.start_sandbox({REGION: FIRST_ESTATE}) as aws,
        processes.start_gateway(aws.url, REGION, sagemaker=AGES) as gateway,
    ):
        aws.degrade(latency=LATENCY)
        asked = {"first": _ask(aws, gateway)}
        asked["inside the window"] = _ask(aws, gateway)
        time.sleep(AGES["freshSeconds"] + 0.5)
        asked["outside it"] = _ask(aws, gateway)
        time.sleep(AGES["authoritySeconds"] + 0.5)
        asked["after the authority age"] = _ask(aws, gateway)
    return first_result(asked)


Asked = tuple[TimedResponse, Mapping[str, int]]


def _ask(aws: SandboxProcess, gateway: GatewayProcess) -> Asked:
    aws.forget_calls()
    answer = gateway.ask(queries.ONE_MODEL, {"name": name_of(7)})
    return answer, aws.calls()


def first_result(asked: Mapping[str, Asked]) -> BenchmarkResult:
    """Sum up the questions by when they were asked."""
    counts = {when: call_bounds.counted_calls(calls) for when, (_, calls) in asked.items()}
    rows = [[when, format_seconds([answer.seconds]), str(counts[when])] for when, (answer, _) in asked.items()]
    whole = all(not answer.errors and _shown(answer) for answer, _ in asked.values())
    most = {
        "first": MOST_FIRST_CALLS,
        "inside the window": 0,
        "outside it": MOST_WARM_CALLS,
        "after the authority age": MOST_WARM_CALLS + max(_shown(answer) for answer, _ in asked.values()),
    }
    goals = [
        Goal(f"{when}: at most {most[when]} calls", f"{count} calls", whole and count <= most[when])
        for when, count in counts.items()
    ]
    figures = {
        when: {"seconds": answer.seconds, "calls": dict(calls), "errors": answer.errors}
        for when, (answer, calls) in asked.items()
    }
    columns = {when: calls for when, (_, calls) in asked.items()}
    return BenchmarkResult([Table(["when", "seconds", "calls"], rows), calls_table(columns)], goals, figures)


def _shown(answer: TimedResponse) -> int:
    """Count the resources in an answer: the model, its snapshots, runtimes and jobs; 0 unless ten jobs are there."""
    model = (answer.body.get("data") or {}).get("model") or {"jobs": {"edges": []}}
    if len(model["jobs"]["edges"]) != SHOWN_JOBS:
        return 0
    return 1 + SHOWN_JOBS + sum(len(model[kind]["nodes"]) for kind in ("snapshots", "runtimes"))


def measure_growth(_options: RunOptions) -> BenchmarkResult:
    """Let a gateway for each size of account learn of every job; then ask them in turn, of one model after another."""
    with ExitStack() as stack:
        learnt = {jobs: _learn(stack, estate) for jobs, estate in ESTATES.items()}
        for account in learnt.values():
            for number in range(account.models):
                account.gateway.ask(queries.ONE_MODEL, {"name": name_of(number)})
            account.aws.forget_calls()
            account.cpu_before = cpu_seconds(account.gateway.pid)
        for number, turn in enumerate(alternating_order([str(jobs) for jobs in learnt], QUESTIONS)):
            account = learnt[int(turn)]
            account.asked.append(account.gateway.ask(queries.ONE_MODEL, {"name": name_of(number % account.models)}))
        return growth_result({jobs: account.figures() for jobs, account in learnt.items()})


@dataclass
class _Account:
    """A gateway that knows every job of an account, and the questions that it has been asked."""

    aws: SandboxProcess
    gateway: GatewayProcess
    models: int
    known: TimedResponse
    cpu_before: float = 0.0
    asked: list[TimedResponse] = field(default_factory=list)

    def figures(self) -> Mapping[str, Any]:
        counts = [model["jobs"]["totalCount"] or 0 for model in self.known.body["data"]["models"]["nodes"]]
        return {
            "jobs": sum(counts),
            "seconds": [response.seconds for response in self.asked],
            "cpuSeconds": (cpu_seconds(self.gateway.pid) - self.cpu_before) / len(self.asked),
            "calls": sum(self.aws.calls().values()),
            "learnSeconds": self.known.seconds,
            "errors": [error for timed_response in (self.known, *self.asked) for error in timed_response.errors],
        }


def _learn(stack: ExitStack, estate: str) -> _Account:
    aws = stack.enter_context(processes.start_sandbox({REGION: estate}))
    gateway = stack.enter_context(processes.start_gateway(aws.url, REGION, limits=LIMITS, sagemaker=LONG_AGES))
    known = gateway.ask(COUNT_ALL)
    print(f"  {estate}: learnt in {known.seconds:.1f} s", flush=True)
    return _Account(aws, gateway, SIZES[estate].models, known)


def growth_result(sizes: Mapping[int, Mapping[str, Any]]) -> BenchmarkResult:
    """Sum up the sizes."""
    rows = [
        [
            str(jobs),
            str(size["jobs"]),
            format_seconds([size["learnSeconds"]]),
            format_seconds(size["seconds"]),
            f"{size['cpuSeconds'] * 1000:.2f} ms",
        ]
        for jobs, size in sizes.items()
    ]
    medians = {jobs: median(size["seconds"]) for jobs, size in sizes.items()}
    growth = medians[max(medians)] / medians[min(medians)]
    cpu_growth = sizes[max(sizes)]["cpuSeconds"] / sizes[min(sizes)]["cpuSeconds"]
    known = all(size["jobs"] >= jobs and size["calls"] == 0 and not size["errors"] for jobs, size in sizes.items())
    slowest = max(medians.values())
    header = ["transform jobs", "jobs known", "to learn them all", "a warm question", "its processor time"]
    return BenchmarkResult(
        tables=[Table(header, rows)],
        goals=[
            Goal(f"at most {MOST_GROWTH} times from end to end", format_ratio(growth), known and growth <= MOST_GROWTH),
            Goal(
                f"processor time at most {MOST_GROWTH} times from end to end",
                format_ratio(cpu_growth),
                known and cpu_growth <= MOST_GROWTH,
            ),
            Goal(f"at most {MOST_SECONDS:.3f} s", format_seconds([slowest]), known and slowest <= MOST_SECONDS),
        ],
        figures={str(jobs): dict(size) for jobs, size in sizes.items()},
        notes=["Questions differ in the model that they are about. Nothing is asked of AWS while they are measured."],
    )


FIRST_CASE = BenchmarkCase(
    "first-question",
    "The first question about one model (its first 10 jobs; one in twenty is its) in an account of "
    f"{SIZES[FIRST_ESTATE].transform_jobs} transform jobs, 5 ms a call, and the same question again.",
    "About 220 transform jobs are described until ten are the model's, besides 3 pages of their list, 20 snapshots and "
    "20 runtimes; then nothing, then a look at each list, and after the authority age what is shown besides.",
    measure_first,
)
GROWTH_CASE = BenchmarkCase(
    "growth",
    "A warm question about one model in accounts of 200, 2,000, 12,000 and 50,000 transform jobs, all of them known.",
    "Pages are read off an index, so that it takes the same time whatever the account holds.",
    measure_growth,
)
