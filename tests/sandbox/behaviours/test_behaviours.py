"""The table of behaviours, row by row: against the sandbox, and with LIVE_AWS against the real service too."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from sandbox.server import Sandbox
from tests.sandbox.behaviours import further_jobs, hosting, lifecycles, lists, lookups, pipelines, registry, searches
from tests.sandbox.behaviours.behaviour import Behaviour, Cost, Stage, sleep
from tests.sandbox.conftest import ACCOUNT, REGION, ROLE, Connect

TABLE = (
    *lookups.TABLE,
    *lists.TABLE,
    *lifecycles.TABLE,
    *hosting.TABLE,
    *further_jobs.TABLE,
    *registry.TABLE,
    *pipelines.TABLE,
    *searches.TABLE,
)
# LIVE_AWS=1 shows what only reads; "writes" also what is free to make; "runs" also what costs money. The latter two
# need LIVE_AWS_ROLE (an execution role) and LIVE_AWS_BUCKET.
LIVE = {"": 0, "1": Cost.READS, "writes": Cost.WRITES, "runs": Cost.RUNS}[os.environ.get("LIVE_AWS", "")]


@pytest.fixture
def stage(sandbox: Sandbox, connect: Connect, sagemaker: Any) -> Stage:
    sandbox.objects.make_bucket("behaviours", ACCOUNT, REGION)
    return Stage(sagemaker, connect("s3"), ACCOUNT, REGION, ROLE, "behaviours", "sagegraph", sandbox.advance)


@pytest.fixture
def live_stage() -> Iterator[Stage]:
    session = boto3.Session()
    account = session.client("sts").get_caller_identity()["Account"]
    stage = Stage(
        session.client("sagemaker"),
        session.client("s3"),
        account,
        str(session.region_name),
        os.environ.get("LIVE_AWS_ROLE", ""),
        os.environ.get("LIVE_AWS_BUCKET", ""),
        f"sagegraph-{uuid.uuid4().hex[:8]}",
        sleep,
        is_live=True,
    )
    yield stage
    stage.clear_up()


@pytest.mark.parametrize("behaviour", TABLE, ids=lambda behaviour: behaviour.title)
def test_the_sandbox_does_as_the_documentation_says(behaviour: Behaviour, stage: Stage) -> None:
    behaviour.show(stage)


if LIVE:

    @pytest.mark.parametrize("behaviour", [b for b in TABLE if b.cost <= LIVE], ids=lambda behaviour: behaviour.title)
    def test_the_real_service_does_the_same(behaviour: Behaviour, live_stage: Stage) -> None:
        behaviour.show(live_stage)


def test_every_row_says_who_says_so() -> None:
    assert len({behaviour.title for behaviour in TABLE}) == len(TABLE) == 78
    assert all(len(behaviour.source) > 15 for behaviour in TABLE)


def test_the_page_lists_every_row() -> None:
    page = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text()
    rows = [f"| {row.title} | {row.cost.name.lower()} | {row.source} |" for row in TABLE]
    assert page[page.index("| Behaviour |") :].splitlines()[2:] == rows
