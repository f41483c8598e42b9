"""One relation of a list of a hundred, in an account with every kind of resource: its calls, cold and warm."""

import time
from collections.abc import Mapping
from typing import Final

from benchmarks import processes
from benchmarks.answers_by_time import WHENS, Asked, ask_counted, cells_by_time, counts_by_time, figures_by_time
from benchmarks.call_bounds import RELATIONS, Calls
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.figures import BenchmarkResult, Goal, Table
from benchmarks.lineages import LINEAGES, LineageSize
from benchmarks.processes import GatewayProcess, SandboxProcess

REGION: Final = "us-east-2"
ESTATE: Final = "lineages"
LATENCY: Final = 0.005
AGES: Final = {"freshSeconds": 3, "deletionSeconds": 600, "authoritySeconds": 900}
LIMITS: Final = {"seconds": 120}


def measure(_options: RunOptions) -> BenchmarkResult:
    """Ask a new gateway for each relation, and again inside the window and outside it."""
    asked: dict[str, dict[str, Asked]] = {}
    with processes.start_sandbox({REGION: ESTATE}) as aws:
        aws.degrade(latency=LATENCY)
        for name, row in RELATIONS.items():
            with processes.start_gateway(aws.url, REGION, sagemaker=AGES, limits=LIMITS) as gateway:
                asked[name] = {when: _ask(aws, gateway, row.query, when) for when in WHENS}
    return result(asked, LINEAGES[ESTATE])


def _ask(aws: SandboxProcess, gateway: GatewayProcess, query: str, when: str) -> Asked:
    if when == WHENS[2]:
        time.sleep(AGES["freshSeconds"] + 0.5)
    return ask_counted(aws, gateway, query)


def expected(name: str, size: LineageSize) -> Mapping[str, Calls]:
    """The calls of a row at each of the times."""
    row = RELATIONS[name]
    return dict(zip(WHENS, (row.cold(size), row.inside, row.later(size)), strict=True))


def result(asked: Mapping[str, Mapping[str, Asked]], size: LineageSize) -> BenchmarkResult:
    """Sum up the relations by when they were asked for."""
    rows: list[list[str]] = []
    goals: list[Goal] = []
    figures: dict[str, object] = {}
    for name, answers in asked.items():
        counts = counts_by_time(answers)
        bounds = {when: sum(calls.values()) for when, calls in expected(name, size).items()}
        rows.append([name, *cells_by_time(answers)])
        met = all(counts[when] <= bounds[when] and not answers[when][0].errors for when in WHENS)
        text = f"{name}: at most {', '.join(str(bounds[when]) for when in WHENS)} calls"
        goals.append(Goal(text, ", ".join(str(counts[when]) for when in WHENS), met))
        figures[name] = figures_by_time(answers)
    return BenchmarkResult([Table(["relation", *WHENS], rows)], goals, figures)


_SIZE: Final = LINEAGES[ESTATE]
CASE = BenchmarkCase(
    "relations",
    f"One relation of a list, in an account of {_SIZE.models} models, {_SIZE.runtimes} runtimes, {_SIZE.lineages} "
    f"pipeline executions with a version and a component each, and {_SIZE.base.transform_jobs} transform jobs, 5 ms a "
    "call.",
    "Cold, the pages of the lists that are asked for and a description of each thing that tells of the relation; "
    "inside the window nothing but metrics; outside it a call for each list, and for versions one each.",
    measure,
)
