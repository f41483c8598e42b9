"""resolvers.registry: nothing yet, and the reason for which an imported job belongs to its model."""

import dataclasses

import pytest

from aws.lineage import MatchReason
from resolvers.registry import match_reason, nothing_yet
from tests.registry import samples


def test_there_is_nothing_yet() -> None:
    assert nothing_yet() is None


@pytest.mark.parametrize("reason", MatchReason)
def test_a_reason_is_kept_under_its_name(reason: MatchReason) -> None:
    assert match_reason(dataclasses.replace(samples.ELEMENT, match=reason.name)) is reason


def test_what_is_no_job_has_no_reason() -> None:
    assert match_reason(dataclasses.replace(samples.ELEMENT, match=None)) is None
