"""Questions of screens: lists over every scope, served models, the overview and search, in a large account."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks import call_bounds, processes
from benchmarks.answers_by_time import WHENS, Asked, ask_counted, cells_by_time, counts_by_time, figures_by_time
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.estates import SIZES
from benchmarks.figures import BenchmarkResult, Goal, Table
from benchmarks.processes import GatewayProcess, SandboxProcess

REGION: Final = "us-east-2"
ESTATE: Final = "12000-jobs"
LATENCY: Final = 0.005
AGES: Final = {"freshSeconds": 5, "deletionSeconds": 600, "authoritySeconds": 900}
LIMITS: Final = {"seconds": 120, "scan": 100_000}


@dataclass(frozen=True)
class Screen:
    """A question, and the most calls that it may cost at each of the times.

    Attributes:
        query: The question.
        cold: The most calls of a gateway that knows nothing.
        later: The most calls outside the window.
        seconds: The most seconds, at any time; None for no limit.
    """

    query: str
    cold: int
    later: int
    seconds: float | None = None


_SIZE: Final = SIZES[ESTATE]
_LINKED: Final = _SIZE.snapshots + _SIZE.runtimes
_PAGES: Final = call_bounds.pages(_SIZE.transform_jobs)
_EVERY: Final = '"2000-01-01T00:00:00Z"'
SCREENS: Final = {
    "models of every scope": Screen("{ models(scope: MINE, first: 20) { nodes { name } totalCount } }", 1, 1),
    "jobs of every scope": Screen("{ jobs(scope: MINE, first: 20) { nodes { name } } }", 2, 2),
    "served models": Screen(
        "{ models(scope: MINE, filter: {isServed: true}) { nodes { name } totalCount } }", 3 + _LINKED, 3
    ),
    "overview of all jobs": Screen(
        "{ overview(jobsCreatedAfter: "
        f"{_EVERY}) {{ models snapshots runtimes {{ count }} jobs {{ count }} problem {{ code }} }} }}",
        4 + _PAGES,
        5,
    ),
    "search": Screen('{ search(text: "job") { nodes { name } scopes { problem { code } } } }', 9 + _PAGES, 9, 2.1),
}


def measure(_options: RunOptions) -> BenchmarkResult:
    """Ask a new gateway each question, and again inside the window and outside it."""
    asked: dict[str, dict[str, Asked]] = {}
    with processes.start_sandbox({REGION: ESTATE}) as aws:
        aws.degrade(latency=LATENCY)
        for name, screen in SCREENS.items():
            with processes.start_gateway(aws.url, REGION, sagemaker=AGES, limits=LIMITS) as gateway:
                asked[name] = _asked(aws, gateway, screen)
    return result(asked)


def _asked(aws: SandboxProcess, gateway: GatewayProcess, screen: Screen) -> dict[str, Asked]:
    cold, _ = ask_counted(aws, gateway, screen.query)
    # Reading that goes on behind the answer counts as the first question's.
    time.sleep(2)
    asked: dict[str, Asked] = {WHENS[0]: (cold, aws.calls())}
    ask_counted(aws, gateway, screen.query)
    asked[WHENS[1]] = ask_counted(aws, gateway, screen.query)
    time.sleep(AGES["freshSeconds"] + 0.5)
    asked[WHENS[2]] = ask_counted(aws, gateway, screen.query)
    return asked


def result(asked: Mapping[str, Mapping[str, Asked]]) -> BenchmarkResult:
    """Sum up the questions by when they were asked."""
    rows: list[list[str]] = []
    goals: list[Goal] = []
    figures: dict[str, object] = {}
    for name, answers in asked.items():
        counts = counts_by_time(answers)
        most = dict(zip(WHENS, (SCREENS[name].cold, 0, SCREENS[name].later), strict=True))
        rows.append([name, *cells_by_time(answers)])
        slowest = max(answer.seconds for answer, _ in answers.values())
        limit = SCREENS[name].seconds
        met = all(counts[when] <= most[when] and not answers[when][0].errors for when in WHENS)
        text = f"{name}: at most {most[WHENS[0]]} calls cold, none inside the window, {most[WHENS[2]]} outside it"
        if limit is not None:
            text, met = f"{text}; {limit} s", met and slowest <= limit
        goals.append(Goal(text, ", ".join(str(counts[when]) for when in WHENS), met))
        figures[name] = figures_by_time(answers)
    return BenchmarkResult([Table(["question", *WHENS], rows)], goals, figures)


CASE = BenchmarkCase(
    "screens",
    f"What screens ask for in an account of {_SIZE.transform_jobs} transform jobs, 5 ms a call: lists of every scope, "
    "served models, the overview, and search.",
    "Cold, the pages of the lists that are shown, and for served models a description of each snapshot and runtime; "
    "nothing inside the window; outside it a call for each list.",
    measure,
)
