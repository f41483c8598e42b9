"""A call of the REST API, and the form of issues in its answers."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.jira.accounts import Account
from sandbox.jira.errors import refusal
from sandbox.jira.project import Issue, Project
from sandbox.jira.texts import timestamp


@dataclass(frozen=True)
class JiraCall:
    """One call by an account that has logged in.

    Attributes:
        project: The project of this Jira.
        account: The caller.
        version: Version of the API: 2 or 3.
        url: The address of this Jira.
        page: The most issues of a page.
        names: The parts of the path that are names, in order.
        arguments: The query string's fields; the values of a repeated field with commas between them.
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
        """The issue that the path names; raises JiraRefusalError if it does not exist."""
        return self.project.issue(self.names[0])

    def text(self, name: str) -> str:
        """The field `name` of the query string; empty if it is missing."""
        return self.arguments.get(name, "")

    def number(self, name: str, default: int) -> int:
        """The number in the field `name` of the query string; `default` if the field is missing.

        Raises:
            JiraRefusalError: The field is not a number.
        """
        text = self.arguments.get(name, str(default))
        if not text.isdecimal():
            raise refusal(400, f"The parameter '{name}' must be a number.")
        return int(text)


def shown_issue(issue: Issue, call: JiraCall) -> dict[str, Any]:
    """An issue with the fields that the call wants: `fields` may be repeated, or hold several with commas between."""
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
