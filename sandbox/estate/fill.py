"""Fills a sandbox with the estate."""

import time
from datetime import datetime

from sandbox.estate import marketing, risk
from sandbox.estate.access import grant
from sandbox.estate.owners import ESTATE, Estate
from sandbox.estate.story import Event, Story
from sandbox.server import Sandbox


def fill(sandbox: Sandbox, now: datetime | None = None) -> Estate:
    """Put the estate into an empty sandbox; deterministic for a given ``now`` (the real time, unless given).

    Everything is made by SageMaker's own operations, each at its time in the past by the sandbox's clock, which ends
    at ``now`` and runs on from there: what is under way then goes on, and ends while one watches.
    """
    end = round(now.timestamp() if now else time.time(), 3)
    grant(ESTATE, sandbox.objects)
    _write_inputs(sandbox)
    stories = Story(ESTATE.risk, end), Story(ESTATE.marketing, end)
    risk.tell(stories[0])
    marketing.tell(stories[1])
    speed = sandbox.clock.speed
    sandbox.clock.freeze()
    for event in sorted((e for story in stories for e in story.events), key=lambda e: e.when):
        _happen(sandbox, event)
    sandbox.clock.set(end)
    sandbox.sagemaker.ripen()
    sandbox.clock.run(speed)
    return ESTATE


def _happen(sandbox: Sandbox, event: Event) -> None:
    sandbox.clock.set(event.when)
    if event.decided:
        sandbox.life.decide(*event.decided)
    sandbox.call(event.operation, event.group.account, event.group.region, **event.ask)


def _write_inputs(sandbox: Sandbox) -> None:
    """A small batch for each model that is run in batches."""
    for group, models in ((ESTATE.risk, risk.BATCH_INPUTS), (ESTATE.marketing, marketing.BATCH_INPUTS)):
        for model in models:
            rows = "".join(f"{i},{(i * 37) % 101 / 100:.2f},{(i * 53) % 17},{i % 2}\n" for i in range(1, 21))
            sandbox.objects.write(f"s3://{group.bucket}/batch/{model}/input/part-0001.csv", rows.encode())
