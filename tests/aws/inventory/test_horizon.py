"""Ages: how old what is known may be, as moments that are fixed when a request begins."""

from datetime import datetime, timedelta

import pytest

from aws.inventory.horizon import RUNTIME_SECONDS, DefaultCacheAges, Horizon, horizon_at
from tests.aws.sandbox_account import AGES, NOON


def ago(seconds: float) -> datetime:
    return NOON - timedelta(seconds=seconds)


def test_the_usual_ages() -> None:
    ages = DefaultCacheAges()
    seconds = (ages.fresh_seconds, ages.deletion_seconds, ages.authority_seconds, ages.tag_seconds)
    assert (*seconds, RUNTIME_SECONDS) == (5, 300, 900, 300, 60)


def test_a_horizon_is_each_age_before_the_request() -> None:
    assert horizon_at(AGES, NOON) == Horizon(
        started=NOON, fresh=ago(5), deletion=ago(300), authority=ago(900), tags=ago(300), runtime=ago(60)
    )


@pytest.mark.parametrize(
    ("max_age", "fresh", "runtime", "deletion", "authority"),
    [
        (0, 0, 0, 0, 0),
        (2, 2, 2, 2, 2),
        (30, 5, 30, 30, 30),
        (100, 5, 60, 100, 100),
        (600, 5, 60, 300, 600),
        (86_400, 5, 60, 300, 900),
    ],
)
def test_a_client_may_ask_for_newer_never_for_older(
    max_age: float, fresh: float, runtime: float, deletion: float, authority: float
) -> None:
    at = horizon_at(AGES, NOON, max_age)
    assert (at.started, at.fresh, at.runtime, at.deletion, at.tags, at.authority) == (
        NOON,
        ago(fresh),
        ago(runtime),
        ago(deletion),
        ago(deletion),
        ago(authority),
    )
