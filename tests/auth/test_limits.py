"""auth.limits: the strictest of what the settings say of a group and of everybody."""

import pytest

from auth.entries import CredentialEntries
from auth.limits import StartLimits, start_limits_of
from auth.permissions import Grant, Permission
from auth.policy import Policy

READ = frozenset({Permission.READ})
SMALL, LARGE = "ml.t2.medium", "ml.p3.2xlarge"


@pytest.mark.parametrize(
    ("grants", "limits"),
    [
        ((), StartLimits()),
        ((Grant("risk", READ),), StartLimits()),
        ((Grant("risk", READ, (), frozenset({SMALL}), 3),), StartLimits(frozenset({SMALL}), 3)),
        ((Grant("*", READ, (), frozenset({SMALL}), 3),), StartLimits(frozenset({SMALL}), 3)),
        ((Grant("sales", READ, (), frozenset({SMALL}), 3),), StartLimits()),
        ((Grant("*", READ, (), None, 3), Grant("risk", READ, (), None, 5)), StartLimits(None, 3)),
        ((Grant("*", READ, (), None, 5), Grant("risk", READ, (), None, 3)), StartLimits(None, 3)),
        (
            (Grant("*", READ, (), frozenset({SMALL, LARGE})), Grant("risk", READ, (), frozenset({SMALL}))),
            StartLimits(frozenset({SMALL})),
        ),
        (
            (Grant("*", READ, (), frozenset({SMALL})), Grant("risk", READ, (), frozenset({LARGE}))),
            StartLimits(frozenset()),
        ),
    ],
)
def test_the_strictest_counts(grants: tuple[Grant, ...], limits: StartLimits) -> None:
    assert start_limits_of(Policy(CredentialEntries(), grants), "risk") == limits
