"""Jira issues, accounts, status changes and comments, parsed from REST responses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.approvals.jira.errors import JiraUnavailableError
from workflows.approvals.jira.markup import plain_text


@dataclass(frozen=True, slots=True)
class JiraAccount:
    """An account of Jira's, as far as Jira shows it: Cloud has an account id, Data Center a name.

    Attributes:
        account_id: Cloud's id of it.
        name: Data Center's name of it, which people log in with.
        email: Its e-mail address; None if Jira hides it.
        display_name: The name that people read.
    """

    account_id: str | None
    name: str | None
    email: str | None
    display_name: str

    def is_same(self, other: "JiraAccount | None") -> bool:
        """Tell whether this reading and the other one show one account; Jira shows other fields in other places."""
        return other is not None and (self.account_id, self.name) == (other.account_id, other.name)

    @property
    def best_name(self) -> str:
        """The name that the gateway keeps of a decider: the best of the account's names."""
        return self.email or self.name or self.display_name or self.account_id or "somebody"


@dataclass(frozen=True, slots=True)
class JiraIssue:
    """An issue, as it is now or as the search index last had it.

    Attributes:
        key: Its key, such as MLOPS-7.
        project: The key of the project that it is in.
        status: The name of its status, in the language of the gateway's account.
        status_id: Its id.
        closed: True if Jira counts that status as done.
        labels: Its labels.
        created: When it was filed.
    """

    key: str
    project: str
    status: str
    status_id: str
    closed: bool
    labels: frozenset[str]
    created: datetime


@dataclass(frozen=True, slots=True)
class StatusChange:
    """The last change of an issue's status.

    Attributes:
        by: The account that moved it; None if Jira does not say.
        at: The moment of the move.
        to_status_id: The id of the new status: Jira keeps its name as it was then, in one language for everybody.
    """

    by: JiraAccount | None
    at: datetime
    to_status_id: str


@dataclass(frozen=True, slots=True)
class JiraComment:
    """A comment on an issue.

    Attributes:
        by: The account that wrote it; None if Jira does not say.
        at: The moment of writing.
        text: Its words, without markup.
    """

    by: JiraAccount | None
    at: datetime
    text: str


def parse_account(raw: Mapping[str, Any] | None) -> JiraAccount | None:
    """Parse a raw user of either version of the API; None for nobody."""
    if not raw:
        return None
    account_id, name = raw.get("accountId"), raw.get("name")
    return JiraAccount(account_id, name, raw.get("emailAddress") or None, raw.get("displayName") or "")


def parse_issue(raw: Mapping[str, Any]) -> JiraIssue:
    """Parse the raw issue of an answer. Raises JiraUnavailableError if it has another form."""
    try:
        fields = raw["fields"]
        status = fields["status"]
        return JiraIssue(
            key=raw["key"],
            project=fields["project"]["key"],
            status=status["name"],
            status_id=str(status["id"]),
            closed=status.get("statusCategory", {}).get("key") == "done",
            labels=frozenset(fields.get("labels") or ()),
            created=parse_timestamp(fields["created"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _unexpected("an issue") from None


def parse_last_status_change(raw: Mapping[str, Any]) -> StatusChange | None:
    """Parse the last change of status in the changelog of a raw issue; None if its status never changed.

    Cloud has the newest change first, Data Center last. Raises JiraUnavailableError if it has another form.
    """
    try:
        moves = [
            StatusChange(parse_account(history.get("author")), parse_timestamp(history["created"]), str(item["to"]))
            for history in raw["changelog"]["histories"]
            for item in history["items"]
            if item.get("fieldId", item["field"]) == "status"
        ]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _unexpected("a changelog") from None
    return max(moves, key=lambda move: move.at, default=None)


def parse_comment(raw: Mapping[str, Any]) -> JiraComment:
    """Parse the raw comment of an answer. Raises JiraUnavailableError if it has another form."""
    try:
        return JiraComment(parse_account(raw.get("author")), parse_timestamp(raw["created"]), plain_text(raw["body"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _unexpected("a comment") from None


def parse_timestamp(text: str) -> datetime:
    """Parse a moment in Jira's text, such as 2026-01-02T03:04:05.678+0000. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("It has no offset.")
    return moment


def comment_with_change(account: JiraAccount, comments: Sequence[JiraComment], change: StatusChange) -> str | None:
    """The comment of the account that made a change: its newest within a minute of the change; None without one."""
    near = [
        comment for comment in comments if comment.by == account and abs((comment.at - change.at).total_seconds()) <= 60
    ]
    return max(near, key=lambda jira_comment: jira_comment.at).text or None if near else None


def _unexpected(thing: str) -> JiraUnavailableError:
    return JiraUnavailableError(f"Jira has answered with {thing} in an undocumented form.")
