"""Fills a sandbox with the estate."""

import time
from collections.abc import Iterable
from datetime import datetime

from sandbox.estate import marketing, risk, uplift
from sandbox.estate.access import grant
from sandbox.estate.groups import ESTATE, Estate
from sandbox.estate.history import History, PastCall
from sandbox.server import Sandbox


def fill(sandbox: Sandbox, now: datetime | None = None, *, pipelined: bool = False) -> Estate:
    """Put the estate into an empty sandbox; the same estate for the same `now`.

    SageMaker's own operations make every resource, each at its time in the past by the sandbox's clock. The clock
    ends at `now` and runs on from there, so that jobs and updates under way end while one watches.

    Args:
        sandbox: An AWS without resources.
        now: The present in UTC; the real time, unless given.
        pipelined: Whether a model of the group marketing came of a pipeline; see `uplift`.
    """
    end = round(now.timestamp() if now else time.time(), 3)
    grant(ESTATE, sandbox.objects)
    stories = History(ESTATE.risk, end), History(ESTATE.marketing, end)
    risk.write_history(stories[0])
    marketing.write_history(stories[1])
    if pipelined:
        uplift.write_history(stories[1])
    events = sorted((event for story in stories for event in story.events), key=lambda event: event.when)
    _write_rows(
        sandbox,
        [*(uri for event in events for uri in _reads(event)), *(uri for story in stories for uri in story.data)],
    )
    speed = sandbox.clock.speed
    sandbox.clock.freeze()
    for event in events:
        _replay(sandbox, event)
    sandbox.clock.set(end)
    sandbox.sagemaker.run_due()
    sandbox.clock.run(speed)
    return ESTATE


def _replay(sandbox: Sandbox, event: PastCall) -> None:
    sandbox.clock.set(event.when)
    for decided in event.outcomes:
        sandbox.timeline.decide_outcome(*decided)
    sandbox.call(event.operation, event.group.account, event.group.region, **event.payload)


def _write_rows(sandbox: Sandbox, prefixes: Iterable[str]) -> None:
    """Write a small object under every prefix that a job reads: SageMaker refuses a job that has nothing to read."""
    rows = "".join(f"{i},{(i * 37) % 101 / 100:.2f},{(i * 53) % 17},{i % 2}\n" for i in range(1, 21)).encode()
    for prefix in dict.fromkeys(prefixes):
        sandbox.objects.write(f"{prefix}part-0001.csv", rows)


def _reads(event: PastCall) -> list[str]:
    sources = [channel["DataSource"] for channel in event.payload.get("InputDataConfig", ())]
    if "TransformInput" in event.payload:
        sources.append(event.payload["TransformInput"]["DataSource"])
    return [source["S3DataSource"]["S3Uri"] for source in sources]
