"""The project of the stand-in Jira: its workflow, its issues, and an index that may be behind them."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.jira.accounts import ANN, BEN, GATEWAY, Account
from sandbox.jira.errors import JiraRefusalError, no_such_issue, refusal
from sandbox.jira.texts import document, timestamp

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
_FIRST_TRANSITION = 11


@dataclass
class Status:
    """A status, and who may bring an issue there.

    Attributes:
        name: Its name.
        category: new, indeterminate or done (CLOUD rest/v3/api-group-workflow-status-categories/).
        translated: Its name in the language of the gateway's account; None for the same.
        sources: The statuses from which it can be reached; None for all, as in Jira's simplified workflow.
        movers: The names of the accounts that the transition's condition lets through; None for all.
    """

    name: str
    category: str
    translated: str | None = None
    sources: frozenset[str] | None = None
    movers: frozenset[str] | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return str(10_000 + len(self.name))

    def shown(self) -> dict[str, Any]:
        """The status as the gateway's account reads it; a changelog has the name in one language for everybody."""
        return {"name": self.translated or self.name, "id": self.id, "statusCategory": {"key": self.category}}

    def admits(self, account: Account, source: "Status") -> bool:
        """Whether the account may bring an issue here from that status."""
        return (self.sources is None or source.name in self.sources) and (
            self.movers is None or account.name in self.movers
        )


@dataclass
class Issue:
    """An issue; `history` is its changelog, the oldest change first."""

    key: str
    project: str
    creator: Account
    summary: str
    description: Any
    labels: list[str]
    status: Status
    created: datetime
    comments: list[tuple[Account, datetime, Any]] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)


class Project:
    """The project MLOPS.

    Args:
        cloud: Whether its Jira is Cloud.
        people: The accounts beside the gateway's.
        clock: The present time; left out: a time of its own, a second later at each look.
    """

    def __init__(
        self, *, cloud: bool, people: tuple[Account, ...] = (ANN, BEN), clock: Callable[[], datetime] | None = None
    ) -> None:
        self.cloud = cloud
        self.people = people
        self.id = "10000"
        self.key = "MLOPS"
        self.issue_type_id = "10001"
        self.issue_type = "Task"
        self.statuses = [
            Status("To Do", "new"),
            Status("In Review", "indeterminate"),
            Status("Done", "done"),
            Status("Rejected", "done"),
        ]
        self.fields = {"summary": True, "issuetype": True, "project": True, "description": False, "labels": False}
        self.permissions = {"BROWSE_PROJECTS", "CREATE_ISSUES", "ADD_COMMENTS", "TRANSITION_ISSUES"}
        self.issues: dict[str, Issue] = {}
        self.former: dict[str, str] = {}
        self.index_is_behind = False
        self.indexed: dict[str, Issue] = {}
        """The issues as searches find them."""
        self._clock = clock
        self._time = START

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Everybody who can log in."""
        return (GATEWAY, *self.people)

    def now(self) -> datetime:
        """A moment that is later each time it is asked for."""
        self._time = self._clock() if self._clock else self._time + timedelta(seconds=1)
        return self._time

    def issue(self, key: str) -> Issue:
        """The issue of this key, or of one that was its key before. Raises JiraRefusalError."""
        issue = self.issues.get(self.former.get(key, key))
        if issue is None:
            raise no_such_issue()
        return issue

    def create(
        self, creator: Account, summary: str, description: Any, labels: list[str], status: str = "To Do"
    ) -> Issue:
        """Keep a new issue."""
        key = f"{self.key}-{len(self.issues) + 1}"
        made = Issue(key, self.key, creator, summary, description, labels, self._status(status), self.now())
        self.issues[key] = made
        self.index()
        return made

    def transitions(self, issue: Issue, account: Account) -> dict[str, Status]:
        """The transitions that the account may perform now: by id, where they lead.

        CLOUD rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-transitions-get; none without permission.
        """
        if account == GATEWAY and "TRANSITION_ISSUES" not in self.permissions:
            return {}
        ways = {str(_FIRST_TRANSITION + number): status for number, status in enumerate(self.statuses)}
        return {id: status for id, status in ways.items() if status.admits(account, issue.status)}

    def perform(self, account: Account, issue: Issue, transition_id: str) -> None:
        """Perform a transition. Raises JiraRefusalError for one that the issue or the account has not.

        https://github.com/mozilla/jira-bugzilla-integration/issues/303: an id is a number.
        """
        if not transition_id.isdecimal():
            raise refusal(400, "'transition' identifier must be an integer")
        to = self.transitions(issue, account).get(transition_id)
        if to is None:
            raise self._refused_transition(issue, transition_id)
        self.move(issue.key, to.name, account)

    def move(self, key: str, status: str, by: Account, comment: str | None = None) -> None:
        """Move an issue, whatever the workflow says; a comment of the transition's screen has the same moment."""
        issue, to, at = self.issues[key], self._status(status), self.now()
        item = {
            "field": "status",
            "fieldtype": "jira",
            "from": issue.status.id,
            "fromString": issue.status.name,
            "to": to.id,
            "toString": to.name,
        }
        if self.cloud:
            item["fieldId"] = "status"
        issue.history.append({"author": by.shown(cloud=self.cloud), "created": timestamp(at), "items": [item]})
        issue.status = to
        if comment is not None:
            issue.comments.append((by, at, self.text(comment)))
        self.index()

    def rename(self, key: str, now: str) -> None:
        """Give an issue another key, as a move to another project and back does: the old key leads to it.

        https://confluence.atlassian.com/cloudkb/migration-of-jira-s-historical-keys-for-issues-and-projects-1027124328.html
        """
        issue = self.issues.pop(key)
        issue.key, self.former[key] = now, now
        self.issues[now] = issue
        self.index()

    def text(self, words: str) -> Any:
        """Words as this kind of Jira keeps them: a document (CLOUD apis/document/structure/) or wiki markup."""
        return document(words) if self.cloud else words

    def index(self) -> None:
        """Bring the index up to date, unless it is held back.

        CLOUD search-and-reconcile/: a change may be missing from a search for seconds, or minutes.
        """
        if not self.index_is_behind:
            self.indexed = deepcopy(self.issues)

    def catch_up(self) -> None:
        """Hold the index back no longer."""
        self.index_is_behind = False
        self.index()

    def _status(self, name: str) -> Status:
        return next(status for status in self.statuses if status.name == name)

    def _refused_transition(self, issue: Issue, transition_id: str) -> JiraRefusalError:
        """400. Data Center names a transition that it has and that leads nowhere from here, as seen in
        https://github.com/rtcTo/rtc2jira/issues/24; Cloud says of every one that it is not valid for the issue.
        """
        number = int(transition_id) - _FIRST_TRANSITION
        if self.cloud or not 0 <= number < len(self.statuses):
            return refusal(400, f"Transition id '{transition_id}' is not valid for this issue.")
        name = self.statuses[number].name
        return refusal(
            400,
            f"It seems that you have tried to perform a workflow operation ({name}) that is not valid for the current "
            f"state of this issue ({issue.key}). The likely cause is that somebody has changed the issue recently, "
            "please look at the issue history for details.",
        )
