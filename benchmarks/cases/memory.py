"""The memory of a gateway that knows fifty thousand jobs, over one that has not been asked anything."""

import time
from collections.abc import Mapping
from typing import Any

from benchmarks import processes, queries
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.estates import SIZES
from benchmarks.figures import BenchmarkResult, Goal, Table, format_megabytes, format_seconds
from benchmarks.machine import resident_bytes
from benchmarks.processes import GatewayProcess, TimedResponse

REGION, ESTATE = "us-west-2", "fifty-thousand-jobs"
SIZE = SIZES[ESTATE]
MOST_BYTES = 150_000_000
SETTLING_SECONDS, AGAIN_SECONDS = 35.0, 30.0
"""The gateway gives free memory back to the system each thirty seconds."""
LIMITS = {"seconds": 900, "scan": SIZE.jobs * 2}
"""Room for one question to look at every job, which the defaults would end sooner."""
AGES = {"freshSeconds": 900, "deletionSeconds": 1800, "authoritySeconds": 3600}
"""Ages so long that nothing is read anew when the question is asked again."""


def measure(_options: RunOptions) -> BenchmarkResult:
    """Let the gateway look at every job, measure its memory, and ask again to see that nothing was forgotten."""
    with (
        processes.start_sandbox({REGION: ESTATE}) as aws,
        processes.start_gateway(aws.url, REGION, limits=LIMITS, sagemaker=AGES) as gateway,
    ):
        idle, _ = resident_bytes(gateway.pid)
        first = _ask_until_all_are_seen(gateway)
        time.sleep(SETTLING_SECONDS)
        full, peak = resident_bytes(gateway.pid)
        print(
            f"  {seen(first)} jobs seen in {first.seconds:.3f} s; {format_megabytes(full - idle)} over idle", flush=True
        )
        calls = sum(aws.calls().values())
        aws.forget_calls()
        # A gateway that has forgotten would take as long as the first time; that it asks AWS at all is enough to know.
        second = gateway.ask(queries.ALL_JOBS, patience=AGAIN_SECONDS)
        repeated = sum(aws.calls().values())
    figures = {
        "idleBytes": idle,
        "fullBytes": full,
        "peakBytes": peak,
        "jobsSeen": seen(first),
        "firstSeconds": first.seconds,
        "firstCalls": calls,
        "secondSeconds": second.seconds,
        "secondCalls": repeated,
        "errors": [*first.errors, *second.errors],
    }
    return result(figures)


def _ask_until_all_are_seen(gateway: GatewayProcess) -> TimedResponse:
    """Ask again as long as answers show more jobs: a reading may take ten minutes at most, and goes on then."""
    seconds, before = 0.0, -1
    while True:
        answer = gateway.ask(queries.ALL_JOBS)
        seconds += answer.seconds
        if not before < seen(answer) < SIZE.jobs and not (answer.errors and seconds < LIMITS["seconds"]):
            return TimedResponse(seconds, answer.body)
        before = seen(answer)


def seen(answer: TimedResponse) -> int:
    """Count the jobs that an answer assigns to its models."""
    models = (answer.body.get("data") or {}).get("models") or {"nodes": []}
    return sum((model["jobs"] or {}).get("totalCount") or 0 for model in models["nodes"])


def result(figures: Mapping[str, Any]) -> BenchmarkResult:
    """Sum up the figures."""
    idle, full, peak = (figures[f"{when}Bytes"] for when in ("idle", "full", "peak"))
    known = figures["jobsSeen"] == SIZE.jobs and figures["secondCalls"] == 0 and not figures["errors"]
    rows = [
        ["idle", format_megabytes(idle), "-"],
        ["all jobs seen", format_megabytes(full), format_megabytes(full - idle)],
        ["at the most", format_megabytes(peak), format_megabytes(peak - idle)],
    ]
    asked = [
        [f"{which} time", format_seconds([figures[f"{which}Seconds"]]), str(figures[f"{which}Calls"])]
        for which in ("first", "second")
    ]
    text = f"{figures['jobsSeen']} seen, {figures['secondCalls']} calls to ask again"
    return BenchmarkResult(
        tables=[Table(["gateway", "resident", "over idle"], rows), Table(["question", "seconds", "calls"], asked)],
        goals=[
            Goal(f"{SIZE.jobs} jobs known: all seen, and none asked for again", text, known),
            Goal(
                f"at most {format_megabytes(MOST_BYTES)} over idle",
                format_megabytes(full - idle),
                known and full - idle <= MOST_BYTES,
            ),
        ],
        figures=figures,
        notes=["Memory counts only where the jobs are still known; what was forgotten weighs nothing."],
    )


CASE = BenchmarkCase(
    "memory",
    f"Memory of the gateway's process with {SIZE.jobs} jobs known ({SIZE.training_jobs} training, "
    f"{SIZE.transform_jobs} transform), over the idle process; no latency, so that it takes minutes and not hours.",
    "A described job as frozen values with its texts shared takes 2 to 3 kB: 100 to 150 MB, and some tens more for "
    "botocore's model of SageMaker and for what Python does not give back.",
    measure,
)
