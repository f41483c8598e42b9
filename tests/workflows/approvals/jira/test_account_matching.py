"""workflows.approvals.jira.account_matching: an account is the starter's, somebody else's, or not to be told."""

import pytest

from auth.caller import GATEWAY_SUBJECT
from workflows.approvals.jira.account_matching import account_matches
from workflows.approvals.jira.issues import JiraAccount


def cloud(email: str | None, display_name: str = "Ann Smith") -> JiraAccount:
    return JiraAccount("557058:abc", None, email, display_name)


def data_center(name: str, email: str | None = None) -> JiraAccount:
    return JiraAccount(None, name, email, "Ann Smith")


@pytest.mark.parametrize(
    ("person", "subject", "same"),
    [
        (cloud("ann@example.com"), "ann@example.com", True),
        (cloud("Ann@Example.com"), "ann@example.COM", True),
        (cloud("ann@example.com"), "ann", True),
        (cloud("ann@example.com"), "Ann Smith", True),
        (cloud("ann@example.com"), "557058:ABC", True),
        (cloud("ann@example.com"), "ben@example.com", False),
        (cloud("ann@example.com"), "ann@elsewhere.com", False),
        (cloud("ann@example.com"), "ben", False),
        (cloud("ann@example.com"), "auth0|5f7c8ec7c33c6c004bbafe82", None),
        (cloud("ann@example.com"), "5f7c8ec7-c33c-6c00-4bba-fe82aaaaaaaa", None),
        (cloud("ann@example.com"), "104857600", None),
        (cloud("ann@example.com"), "CORP\\ann", None),
        (cloud(None), "ann@example.com", None),
        (cloud(None), "ben", None),
        (cloud(None, "ben"), "ben", True),
        (data_center("ann"), "ann", True),
        (data_center("ann"), "ANN", True),
        (data_center("ann"), "ann@example.com", True),
        (data_center("ann"), "ben", False),
        (data_center("ann"), "ben@example.com", None),
        (data_center("x7", "ann@example.com"), "ann", True),
        (data_center("x7", "ann@example.com"), "ben@example.com", False),
        (data_center("ben@example.com"), "ben", True),
        (JiraAccount(None, None, None, ""), "ann", None),
        (cloud(None), GATEWAY_SUBJECT, False),
    ],
)
def test_who_is_who(person: JiraAccount, subject: str, same: bool | None) -> None:
    assert account_matches(person, subject) is same
