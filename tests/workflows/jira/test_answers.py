"""workflows.jira.answers: what Jira says as values, and what it should not have said."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from workflows.jira.answers import (
    Move,
    Person,
    Remark,
    issue_of,
    last_move_of,
    moment_of,
    person_of,
    remark_by,
    remark_of,
)
from workflows.jira.errors import JiraUnavailableError

ANN, BEN = Person("1", None, "ann@x", "Ann"), Person("2", None, "ben@x", "Ben")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_moments_have_an_offset() -> None:
    assert moment_of("2026-03-02T10:00:00.000+0100") == AT
    with pytest.raises(ValueError, match="no offset"):
        moment_of("2026-03-02T10:00:00.000")


@pytest.mark.parametrize("raw", [{}, {"key": "X-1"}, {"key": "X-1", "fields": {"status": None}}, [], {"fields": 7}])
@pytest.mark.parametrize("read", [issue_of, last_move_of, remark_of])
def test_what_is_strange_is_jiras_failure(read: Callable[[Any], object], raw: Any) -> None:
    with pytest.raises(JiraUnavailableError, match="documentation does not know"):
        read(raw)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ({"accountId": "1", "displayName": "Ann", "emailAddress": "a@x"}, "a@x"),
        ({"name": "ann", "displayName": "Ann", "emailAddress": ""}, "ann"),
        ({"accountId": "1", "displayName": "Ann"}, "Ann"),
        ({"accountId": "1"}, "1"),
        ({"key": "JIRAUSER1"}, "somebody"),
    ],
)
def test_the_name_that_is_kept_of_whoever_decides(raw: dict[str, str], shown: str) -> None:
    person = person_of(raw)
    assert person is not None
    assert person.shown == shown


def test_nobody() -> None:
    assert person_of(None) is None
    assert person_of({}) is None


def test_the_comment_of_a_decision_is_its_authors_and_of_that_minute() -> None:
    remarks = [
        Remark(BEN, AT - timedelta(minutes=5), "long before"),
        Remark(ANN, AT, "not of who moved it"),
        Remark(BEN, AT - timedelta(seconds=30), "first"),
        Remark(BEN, AT + timedelta(seconds=1), "second"),
        Remark(None, AT, "nobody's"),
    ]
    assert remark_by(BEN, remarks, Move(BEN, AT, "Done")) == "second"
    assert remark_by(BEN, remarks[:2], Move(BEN, AT, "Done")) is None
    assert remark_by(BEN, [Remark(BEN, AT, "")], Move(BEN, AT, "Done")) is None
