"""What a small Jira keeps: accounts, a project with a workflow, issues, and an index that may be behind them.

Pages cited here: Cloud's are below https://developer.atlassian.com/cloud/jira/platform/ (CLOUD), Data Center's below
https://docs.atlassian.com/software/jira/docs/api/REST/9.12.0/ (DC).
"""

import re
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Account:
    """Who logs in or moves issues. Cloud knows people by accountId and may hide the e-mail address
    (CLOUD deprecation-notice-user-privacy-api-migration-guide/), Data Center by name and key (DC #api/2/user)."""

    name: str
    display_name: str
    email: str | None

    def shown(self, cloud: bool) -> dict[str, Any]:
        who = {"accountId": f"557058:{self.name}", "accountType": "atlassian"} if cloud else {}
        if not cloud:
            who = {"name": self.name, "key": f"JIRAUSER{len(self.name)}"}
        mail = {} if self.email is None else {"emailAddress": self.email}
        return {**who, **mail, "displayName": self.display_name, "active": True}


GATEWAY = Account("sagegraph", "SageGraph", "sagegraph@example.com")
ANN = Account("ann", "Ann Smith", "ann@example.com")
BEN = Account("ben", "Ben Jones", "ben@example.com")


@dataclass
class Status:
    """A status and its category: new, indeterminate or done (CLOUD rest/v3/api-group-workflow-status-categories/)."""

    name: str
    category: str
    translated: str | None = None

    @property
    def id(self) -> str:
        return str(10_000 + len(self.name))

    def shown(self) -> dict[str, Any]:
        """As the gateway's account reads it; a changelog has the name in one language for everybody."""
        return {"name": self.translated or self.name, "id": self.id, "statusCategory": {"key": self.category}}


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
    """The project MLOPS: anybody may move an issue from any status to any other, as in Jira's simplified workflow."""

    def __init__(self, cloud: bool) -> None:
        self.cloud = cloud
        self.key = "MLOPS"
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
        self._index: dict[str, Issue] = {}
        self._time = START

    def now(self) -> datetime:
        """A moment that is later each time it is asked for."""
        self._time += timedelta(seconds=1)
        return self._time

    def create(
        self, creator: Account, summary: str, description: Any, labels: list[str], status: str = "To Do"
    ) -> Issue:
        key = f"{self.key}-{len(self.issues) + 1}"
        made = Issue(key, self.key, creator, summary, description, labels, self._status(status), self.now())
        self.issues[key] = made
        self.index()
        return made

    def move(self, key: str, status: str, by: Account, comment: str | None = None) -> None:
        """What a person does on a board; a comment of the transition's screen is made in the same moment."""
        issue, to, at = self.issues[key], self._status(status), self.now()
        item = {"field": "status", "fieldtype": "jira", "from": issue.status.id, "fromString": issue.status.name,
                "to": to.id, "toString": to.name}  # fmt: skip
        if self.cloud:
            item["fieldId"] = "status"
        issue.history.append({"author": by.shown(self.cloud), "created": written(at), "items": [item]})
        issue.status = to
        if comment is not None:
            issue.comments.append((by, at, self.text(comment)))
        self.index()

    def rename(self, key: str, now: str) -> None:
        """What comes of moving an issue to another project and back, or of another key for the project: the old key
        leads to it (https://confluence.atlassian.com/cloudkb/migration-of-jira-s-historical-keys-for-issues-and-projects-1027124328.html).
        """
        issue = self.issues.pop(key)
        issue.key, self.former[key] = now, now
        self.issues[now] = issue
        self.index()

    def text(self, words: str) -> Any:
        """Words as this kind of Jira keeps them: a document (CLOUD apis/document/structure/) or wiki markup."""
        if not self.cloud:
            return words
        return {"type": "doc", "version": 1, "content": [paragraph(words)]}

    def index(self) -> None:
        """Brings the index up to date, unless it is held back.

        CLOUD search-and-reconcile/: what was written may be missing from a search for seconds, or minutes.
        """
        if not self.index_is_behind:
            self._index = deepcopy(self.issues)

    def catch_up(self) -> None:
        self.index_is_behind = False
        self.index()

    def found(self, jql: str, who: Account) -> list[Issue]:
        """The issues for a query of the one form that the gateway uses; raises ValueError for any other.

        https://support.atlassian.com/jira-software-cloud/docs/jql-fields/ (project, creator, labels),
        …/jql-functions/ (currentUser).
        """
        labels = r'"[^"]+"(?:, "[^"]+")*'
        form = rf'project = "(\w+)" AND creator = currentUser\(\) AND labels in \(({labels})\) ORDER BY created ASC'
        matched = re.fullmatch(form, jql)
        if matched is None:
            raise ValueError(f"Error in the JQL Query: {jql}")
        if matched[1] != self.key:
            raise ValueError(f"The value '{matched[1]}' does not exist for the field 'project'.")
        wanted = set(re.findall(r'"([^"]+)"', matched[2]))
        theirs = [each for each in self._index.values() if each.project == matched[1] and each.creator == who]
        return sorted((each for each in theirs if wanted & set(each.labels)), key=lambda each: each.created)

    def _status(self, name: str) -> Status:
        return next(each for each in self.statuses if each.name == name)


def paragraph(words: str) -> dict[str, Any]:
    return {"type": "paragraph", "content": [{"type": "text", "text": words}]}


def written(at: datetime) -> str:
    """A moment as Jira writes it (CLOUD rest/v3/intro/#timestamps)."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def is_text(body: Any, version: str) -> bool:
    """Version 3 takes documents, version 2 strings (CLOUD rest/v3/intro/#version)."""
    return body.get("type") == "doc" and body["version"] == 1 if isinstance(body, dict) else version == "2"


def as_version(version: str, body: Any) -> Any:
    """The text as it is: these tests do not write in one version and read in the other."""
    assert is_text(body, version)
    return body
