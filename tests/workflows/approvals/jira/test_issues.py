"""workflows.approvals.jira.issues: what Jira says as values, and what it should not have said."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from workflows.approvals.jira.errors import JiraUnavailableError
from workflows.approvals.jira.issues import (
    JiraAccount,
    JiraComment,
    StatusChange,
    comment_with_change,
    parse_account,
    parse_comment,
    parse_issue,
    parse_last_status_change,
    parse_timestamp,
)

ANN, BEN = JiraAccount("1", None, "ann@x", "Ann"), JiraAccount("2", None, "ben@x", "Ben")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_moments_have_an_offset() -> None:
    assert parse_timestamp("2026-03-02T10:00:00.000+0100") == AT
    with pytest.raises(ValueError, match="no offset"):
        parse_timestamp("2026-03-02T10:00:00.000")


@pytest.mark.parametrize("raw", [{}, {"key": "X-1"}, {"key": "X-1", "fields": {"status": None}}, [], {"fields": 7}])
@pytest.mark.parametrize("read", [parse_issue, parse_last_status_change, parse_comment])
def test_what_is_strange_is_jiras_failure(read: Callable[[Any], object], raw: Any) -> None:
    with pytest.raises(JiraUnavailableError, match="undocumented form"):
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
    person = parse_account(raw)
    assert person is not None
    assert person.best_name == shown


def test_nobody() -> None:
    assert parse_account(None) is None
    assert parse_account({}) is None


def test_the_comment_of_a_decision_is_its_authors_and_of_that_minute() -> None:
    remarks = [
        JiraComment(BEN, AT - timedelta(minutes=5), "long before"),
        JiraComment(ANN, AT, "not of who moved it"),
        JiraComment(BEN, AT - timedelta(seconds=30), "first"),
        JiraComment(BEN, AT + timedelta(seconds=1), "second"),
        JiraComment(None, AT, "nobody's"),
    ]
    assert comment_with_change(BEN, remarks, StatusChange(BEN, AT, "Done")) == "second"
    assert comment_with_change(BEN, remarks[:2], StatusChange(BEN, AT, "Done")) is None
    assert comment_with_change(BEN, [JiraComment(BEN, AT, "")], StatusChange(BEN, AT, "Done")) is None
