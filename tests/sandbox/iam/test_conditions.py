"""Conditions of policies."""

from typing import Any

import pytest

from sandbox.iam.conditions import conditions_hold
from sandbox.service_errors import ServiceError

CONTEXT = {
    "aws:resourcetag/team": ["risk"],
    "aws:principaltag/team": ["risk"],
    "aws:tagkeys": ["team", "stage"],
    "aws:principalarn": ["arn:aws:iam::222222222222:role/risk"],
    "aws:tokenissuetime": ["2026-01-01T12:00:00+00:00"],
    "aws:securetransport": ["true"],
    "numbers:size": ["10"],
}


@pytest.mark.parametrize(
    ("operator", "key", "wanted", "holds"),
    [
        ("StringEquals", "aws:ResourceTag/team", "risk", True),
        ("StringEquals", "aws:ResourceTag/team", ["fraud", "risk"], True),
        ("StringEquals", "aws:ResourceTag/team", "Risk", False),
        ("StringEqualsIgnoreCase", "aws:ResourceTag/team", "Risk", True),
        ("StringEquals", "aws:ResourceTag/stage", "x", False),
        ("StringEqualsIfExists", "aws:ResourceTag/stage", "x", True),
        ("StringEquals", "aws:ResourceTag/team", "${aws:PrincipalTag/team}", True),
        ("StringEquals", "aws:ResourceTag/team", "${aws:PrincipalTag/nothing}", False),
        ("StringNotEquals", "aws:ResourceTag/team", "risk", False),
        ("StringNotEquals", "aws:ResourceTag/stage", "x", True),
        ("StringLike", "aws:ResourceTag/team", "r?s*", True),
        ("StringLike", "aws:ResourceTag/team", "[r]isk", False),
        ("StringNotLike", "aws:ResourceTag/team", "fraud*", True),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/risk", True),
        ("Bool", "aws:SecureTransport", "true", True),
        ("Null", "aws:ResourceTag/stage", "true", True),
        ("Null", "aws:ResourceTag/team", "true", False),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["stage"], True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["stage"], False),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["stage", "team", "more"], True),
        ("ForAllValues:StringEquals", "aws:RequestTag/none", ["x"], True),
        ("NumericLessThan", "numbers:size", "11", True),
        ("NumericGreaterThanEquals", "numbers:size", "11", False),
        ("DateLessThan", "aws:TokenIssueTime", "2026-01-02T00:00:00Z", True),
        ("DateGreaterThan", "aws:TokenIssueTime", "2026-01-02T00:00:00Z", False),
    ],
)
def test_conditions(operator: str, key: str, wanted: Any, holds: bool) -> None:
    assert conditions_hold({operator: {key: wanted}}, CONTEXT) is holds


def test_all_conditions_must_hold() -> None:
    both = {"StringEquals": {"aws:ResourceTag/team": "risk", "aws:PrincipalTag/team": "fraud"}}
    assert not conditions_hold(both, CONTEXT)


def test_an_operator_that_is_not_modelled_is_refused_loudly() -> None:
    with pytest.raises(ServiceError, match="the IAM condition operator IpAddress"):
        conditions_hold({"IpAddress": {"aws:ResourceTag/team": "10.0.0.0/8"}}, CONTEXT)
