"""A call of the REST API, and issues as its answers have them."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.jira.accounts import Account
from sandbox.jira.errors import refusal
from sandbox.jira.project import Issue, Project
from sandbox.jira.texts import timestamp


@dataclass(frozen=True)
class JiraCall:
    """One call by somebody who has logged in.

    Attributes:
        project: The project that it is about.
        account: Who asks.
        version: Of the API: 2, 3 or latest.
        url: The address of this Jira.
        page: The most issues of a page.
        names: The parts of the path that are names, in order.
        arguments: The query string's fields; repeated ones with commas between.
        body: The JSON body; empty for none.
    """

    project: Project
    account: Account
    version: str
    url: str
    page: int
    names: tuple[str, ...] = ()
    arguments: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)

    def issue(self) -> Issue:
        """The issue that the path names. Raises JiraRefusalError."""
        return self.project.issue(self.names[0])

    def text(self, name: str) -> str:
        """A field of the query string; empty if it is missing."""
        return self.arguments.get(name, "")

    def number(self, name: str, default: int) -> int:
        """A number of the query string. Raises JiraRefusalError if it is not a number."""
        text = self.arguments.get(name, str(default))
        if not text.isdecimal():
            raise refusal(400, f"The parameter '{name}' must be a number.")
        return int(text)


def shown_issue(issue: Issue, call: JiraCall) -> dict[str, Any]:
    """The fields that are asked for; `fields` may be repeated, or hold several with commas between them."""
    fields = {
        "summary": issue.summary,
        "project": {"key": issue.project},
        "status": issue.status.shown(),
        "labels": issue.labels,
        "created": timestamp(issue.created),
    }
    wanted = call.arguments["fields"].split(",") if "fields" in call.arguments else fields
    shown = {name: value for name, value in fields.items() if name in wanted}
    number = issue.key.split("-")[1]
    return {"id": number, "key": issue.key, "self": f"{call.url}/rest/api/2/issue/{number}", "fields": shown}
