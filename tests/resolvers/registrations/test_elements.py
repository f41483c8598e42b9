"""resolvers.registrations.elements: the reason for which an imported job belongs to its model."""

import dataclasses

import pytest

from aws.links.job_matching import MatchReason
from resolvers.registrations.elements import match_reason
from tests.registry import samples


@pytest.mark.parametrize("reason", MatchReason)
def test_a_reason_is_kept_under_its_name(reason: MatchReason) -> None:
    assert match_reason(dataclasses.replace(samples.ELEMENT, match=reason.name)) is reason


def test_what_is_no_job_has_no_reason() -> None:
    assert match_reason(dataclasses.replace(samples.ELEMENT, match=None)) is None
