"""workflows.deployments.rollout_plans: a plan is kept as it was asked for, and told to whoever approves it."""

import json
from dataclasses import replace

import pytest

from aws.kinds.rollouts import Capacity, Rollout, RolloutStrategy
from tests.workflows.deployments.deployment_rows import DEPLOYMENT_ROW
from workflows.deployments.rollout_plans import (
    longest_seconds,
    plan_text,
    rollout_document,
    rollout_from_document,
)

CANARY = Rollout(
    strategy=RolloutStrategy.CANARY,
    step=Capacity(percent=10),
    termination_wait_seconds=60,
    maximum_seconds=3600,
    alarms=("errors", "latency"),
)
PLANS = [
    (
        CANARY,
        "Canary: 10 % first, the rest after 300 s. The old instances stay 60 s longer. It is rolled back after 3600 s. "
        "These alarms roll it back: `errors`, `latency`.",
    ),
    (
        Rollout(strategy=RolloutStrategy.LINEAR, step=Capacity(instances=2), wait_seconds=0),
        "Linear: in steps of 2 instances, 0 s apart. No alarm rolls it back.",
    ),
    (
        Rollout(strategy=RolloutStrategy.ROLLING, step=Capacity(instances=1)),
        "Rolling: in batches of 1 instance, 300 s apart; back all at once. No alarm rolls it back.",
    ),
    (
        Rollout(strategy=RolloutStrategy.ROLLING, step=Capacity(percent=5), rollback_step=Capacity(percent=50)),
        "Rolling: in batches of 5 %, 300 s apart; back in batches of 50 %. No alarm rolls it back.",
    ),
    (
        Rollout(strategy=RolloutStrategy.ALL_AT_ONCE, alarms=("errors",)),
        "All at once, watched for 300 s. These alarms roll it back: `errors`.",
    ),
]


@pytest.mark.parametrize(("rollout", "text"), PLANS)
def test_a_plan_in_words_and_as_it_is_kept(rollout: Rollout, text: str) -> None:
    assert plan_text(rollout) == text
    assert rollout_from_document(json.loads(json.dumps(rollout_document(rollout)))) == rollout


def test_a_document_is_spelled_as_the_api_spells_it() -> None:
    assert rollout_document(CANARY) == {
        "strategy": "CANARY",
        "step": {"percent": 10, "instances": None},
        "rollbackStep": None,
        "waitSeconds": 300,
        "terminationWaitSeconds": 60,
        "maximumSeconds": 3600,
        "alarms": ["errors", "latency"],
    }


def test_how_long_it_may_take() -> None:
    """As long as it says, else as long as SageMaker lets any take."""
    row = replace(DEPLOYMENT_ROW, rollout=rollout_document(CANARY))
    assert longest_seconds(row) == 3600
    assert longest_seconds(replace(row, rollout=rollout_document(replace(CANARY, maximum_seconds=None)))) == 28_800
    assert longest_seconds(DEPLOYMENT_ROW) == 0
