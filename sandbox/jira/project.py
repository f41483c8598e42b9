"""The project of the stand-in Jira: its workflow, its issues, and an index that may lag behind them."""

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
    """A status, and the accounts that may bring an issue there.

    Attributes:
        name: The status's name, in the language of the changelog.
        category: new, indeterminate or done (CLOUD rest/v3/api-group-workflow-status-categories/).
        translated: The name in the language of the gateway's account; None for `name`.
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
        """The status as the gateway's account reads it; a changelog has the name in one language for all accounts."""
        return {"name": self.translated or self.name, "id": self.id, "statusCategory": {"key": self.category}}

    def admits(self, account: Account, source: "Status") -> bool:
        """Tell whether the account may bring an issue here from the status `source`."""
        return (self.sources is None or source.name in self.sources) and (
            self.movers is None or account.name in self.movers
        )


@dataclass
class Issue:
    """An issue.

    Attributes:
        key: Key, such as ``MLOPS-1``.
        project: The project's key.
        creator: The account that created it.
        summary: Title in one line.
        description: Text in the form of the Jira's kind: a document, wiki markup, or None.
        labels: Words without spaces, by which searches find it.
        status: Present status.
        created: Moment of creation in UTC.
        comments: Author, moment and text of each, the oldest first.
        history: The changelog, the oldest change first.
    """

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
        clock: Gives the present; None for a time of its own, a second later at each look.
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
        """The issues in the state in which searches see them."""
        self._clock = clock
        self._time = START

    @property
    def accounts(self) -> tuple[Account, ...]:
        """All accounts that can log in."""
        return (GATEWAY, *self.people)

    def now(self) -> datetime:
        """The present; without a clock, a second later at each call."""
        self._time = self._clock() if self._clock else self._time + timedelta(seconds=1)
        return self._time

    def issue(self, key: str) -> Issue:
        """The issue of this key, or of a key that it had before; raises JiraRefusalError if there is none."""
        issue = self.issues.get(self.former.get(key, key))
        if issue is None:
            raise no_such_issue()
        return issue

    def create(
        self, creator: Account, summary: str, description: Any, labels: list[str], status: str = "To Do"
    ) -> Issue:
        """Keep a new issue of this creator.

        Args:
            creator: The account that creates it.
            summary: Title in one line.
            description: Text in the form of the Jira's kind; None for none.
            labels: Labels.
            status: Name of its first status.
        """
        key = f"{self.key}-{len(self.issues) + 1}"
        made = Issue(key, self.key, creator, summary, description, labels, self._status(status), self.now())
        self.issues[key] = made
        self.index()
        return made

    def transitions(self, issue: Issue, account: Account) -> dict[str, Status]:
        """The transitions that the account may perform on the issue: the target status by the transition's id.

        CLOUD rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-transitions-get; empty without permission.
        """
        if account == GATEWAY and "TRANSITION_ISSUES" not in self.permissions:
            return {}
        ways = {str(_FIRST_TRANSITION + number): status for number, status in enumerate(self.statuses)}
        return {id: status for id, status in ways.items() if status.admits(account, issue.status)}

    def perform(self, account: Account, issue: Issue, transition_id: str) -> None:
        """Perform a transition of an issue as an account.

        https://github.com/mozilla/jira-bugzilla-integration/issues/303: an id is a number.

        Raises:
            JiraRefusalError: The transition does not lead from the present status, or the account may not perform it.
        """
        if not transition_id.isdecimal():
            raise refusal(400, "'transition' identifier must be an integer")
        to = self.transitions(issue, account).get(transition_id)
        if to is None:
            raise self._refused_transition(issue, transition_id)
        self.move(issue.key, to.name, account)

    def move(self, key: str, status: str, by: Account, comment: str | None = None) -> None:
        """Move an issue to a status against any workflow; a comment has the moment of the move, as on Jira's screen."""
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
        """Give an issue the key `now`, as a move to another project and back does; the old key leads to it.

        https://confluence.atlassian.com/cloudkb/migration-of-jira-s-historical-keys-for-issues-and-projects-1027124328.html
        """
        issue = self.issues.pop(key)
        issue.key, self.former[key] = now, now
        self.issues[now] = issue
        self.index()

    def text(self, words: str) -> Any:
        """Words in this Jira's form: a document on Cloud (CLOUD apis/document/structure/), else wiki markup."""
        return document(words) if self.cloud else words

    def index(self) -> None:
        """Bring the index up to date, unless `index_is_behind`.

        CLOUD search-and-reconcile/: a search may lack a change for seconds or minutes.
        """
        if not self.index_is_behind:
            self.indexed = deepcopy(self.issues)

    def catch_up(self) -> None:
        """Bring the index up to date, and keep it so."""
        self.index_is_behind = False
        self.index()

    def _status(self, name: str) -> Status:
        return next(status for status in self.statuses if status.name == name)

    def _refused_transition(self, issue: Issue, transition_id: str) -> JiraRefusalError:
        """400 for a transition that does not lead from the present status.

        Data Center names the transition if it has one of that id, as seen in
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
