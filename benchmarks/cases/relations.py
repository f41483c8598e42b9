"""One relation of a list of a hundred, in an account with every kind of resource: its calls, cold and warm."""

import time
from collections.abc import Mapping
from typing import Final

from benchmarks import processes
from benchmarks.answers_by_time import WHENS, Asked, ask_counted, cells_by_time, counts_by_time, figures_by_time
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.figures import BenchmarkResult, Goal, Table
from benchmarks.lineages import GROWTH, LINEAGES, LineageSize
from benchmarks.processes import GatewayProcess, SandboxProcess
from benchmarks.relation_calls import ONE_MODELS_EXECUTIONS, RELATIONS, Calls, RelationRow

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
    return result(asked, LINEAGES[ESTATE], {estate: _ask_of_one_model(estate) for estate in GROWTH})


def _ask_of_one_model(estate: str) -> dict[str, Asked]:
    """Ask a new gateway for the pipeline executions of one model, in an account of this size."""
    with processes.start_sandbox({REGION: estate}) as aws:
        aws.degrade(latency=LATENCY)
        with processes.start_gateway(aws.url, REGION, sagemaker=AGES, limits=LIMITS) as gateway:
            return {when: _ask(aws, gateway, ONE_MODELS_EXECUTIONS.query, when) for when in WHENS}


def _ask(aws: SandboxProcess, gateway: GatewayProcess, query: str, when: str) -> Asked:
    if when == WHENS[2]:
        time.sleep(AGES["freshSeconds"] + 0.5)
    return ask_counted(aws, gateway, query)


def expected(row: RelationRow, size: LineageSize) -> Mapping[str, Calls]:
    """The calls of a row, for an account of this size, at each of the times."""
    return dict(zip(WHENS, (row.cold(size), row.inside, row.later(size)), strict=True))


def result(
    asked: Mapping[str, Mapping[str, Asked]], size: LineageSize, growth: Mapping[str, Mapping[str, Asked]]
) -> BenchmarkResult:
    """Sum up the relations by the time of the question.

    Args:
        asked: The answers by relation and time.
        size: The size of their account.
        growth: The answers about the executions of one model, by estate and time.
    """
    goals = [_goal(name, answers, RELATIONS[name], size) for name, answers in asked.items()]
    goals += [
        _goal(_grown(estate), answers, ONE_MODELS_EXECUTIONS, LINEAGES[estate]) for estate, answers in growth.items()
    ]
    named = {**asked, **{_grown(estate): answers for estate, answers in growth.items()}}
    rows = [[name, *cells_by_time(answers)] for name, answers in named.items()]
    figures = {name: figures_by_time(answers) for name, answers in named.items()}
    return BenchmarkResult([Table(["relation", *WHENS], rows)], goals, figures)


def _grown(estate: str) -> str:
    return f"pipeline executions of one model, {LINEAGES[estate].training_jobs:,} training jobs"


def _goal(name: str, answers: Mapping[str, Asked], row: RelationRow, size: LineageSize) -> Goal:
    counts = counts_by_time(answers)
    bounds = {when: sum(calls.values()) for when, calls in expected(row, size).items()}
    met = all(counts[when] <= bounds[when] and not answers[when][0].errors for when in WHENS)
    text = f"{name}: at most {', '.join(str(bounds[when]) for when in WHENS)} calls"
    return Goal(text, ", ".join(str(counts[when]) for when in WHENS), met)


_SIZE: Final = LINEAGES[ESTATE]
CASE = BenchmarkCase(
    "relations",
    f"One relation of a list, in an account of {_SIZE.models} models, {_SIZE.runtimes} runtimes, {_SIZE.lineages} "
    f"pipeline executions with a version and a component each, and {_SIZE.base.transform_jobs} transform jobs, 5 ms a "
    "call.",
    "Cold, the pages of the lists that are asked for and a description of each thing that tells of the relation; "
    "inside the window nothing but metrics; outside it a call for each list. The executions of one model cost the same "
    "calls with 200 training jobs as with 50,000.",
    measure,
)
