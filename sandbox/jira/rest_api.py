"""The REST API of the stand-in Jira: login, version, and the handler of each path."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from sandbox.jira import issue_api, project_api, search
from sandbox.jira.accounts import Account
from sandbox.jira.answers import JiraAnswer
from sandbox.jira.call import JiraCall
from sandbox.jira.errors import JiraRefusalError, no_such_path, refusal, unauthenticated
from sandbox.jira.project import Project
from sandbox.requests import IncomingRequest

_KEY = r"([A-Z]+-\d+)"
ROUTES: tuple[tuple[str, str, Callable[[JiraCall], Any], int], ...] = (
    ("GET", "myself", project_api.myself, 200),
    ("GET", "mypermissions", project_api.permissions, 200),
    ("GET", r"project/(\w+)", project_api.project, 200),
    ("GET", r"project/(\w+)/statuses", project_api.statuses, 200),
    ("GET", r"issue/createmeta/(\w+)/issuetypes/(\d+)", project_api.create_meta, 200),
    ("POST", "issue", issue_api.create, 201),
    ("GET", "search", search.search, 200),
    ("GET", "search/jql", search.search_jql, 200),
    ("GET", f"issue/{_KEY}", issue_api.read, 200),
    ("GET", f"issue/{_KEY}/comment", issue_api.comments, 200),
    ("POST", f"issue/{_KEY}/comment", issue_api.comment, 201),
    ("GET", f"issue/{_KEY}/transitions", issue_api.transitions, 200),
    ("POST", f"issue/{_KEY}/transitions", issue_api.transition, 204),
)
"""Method, path, handler and status of each call that is answered."""


class RestApi:
    """Answers calls of one project's Jira.

    Args:
        project: The project.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.token_is_expired = False

    def answer(self, request: IncomingRequest, version: str, path: str, *, url: str, page: int) -> JiraAnswer:
        """Answer a request to the REST API.

        Args:
            request: The request with its login.
            version: Version in the path: 2, 3 or latest.
            path: Path below /rest/api/N.
            url: Address of this Jira.
            page: The most issues of a page.

        Raises:
            JiraRefusalError: The call is refused.
        """
        number = self._version(version)
        if path == "serverInfo":
            return JiraAnswer(200, project_api.server_info(url, cloud=self.project.cloud))
        account = self.account(request)
        if account is None:
            return self._answer_to_nobody(path)
        for method, pattern, handler, status in ROUTES:
            names = re.fullmatch(pattern, path)
            if names and method == request.method:
                call = JiraCall(self.project, account, number, url, page, names.groups())
                return JiraAnswer(status, handler(_with_input(call, request)))
        raise no_such_path(path)

    def account(self, request: IncomingRequest) -> Account | None:
        """The account of the request's login; None for an unknown or missing login."""
        login, cloud = request.headers.get("authorization"), self.project.cloud
        bearers = (account for account in self.project.accounts if login == account.authorization(cloud=cloud))
        return None if self.token_is_expired else next(bearers, None)

    def _version(self, version: str) -> str:
        """The number of the API's version. Cloud has 2 and 3, Data Center only 2."""
        number = {"latest": "3" if self.project.cloud else "2"}.get(version, version)
        if number not in (("2", "3") if self.project.cloud else ("2",)):
            raise JiraRefusalError(404, "<html>Not found</html>")
        return number

    def _answer_to_nobody(self, path: str) -> JiraAnswer:
        """401; but Cloud's searches need no login, and without one find nothing.

        The header X-Seraph-LoginReason is then the only hint: https://github.com/MrRefactoring/jira.js/issues/418.
        """
        if not (self.project.cloud and path.startswith("search")):
            raise unauthenticated()
        return JiraAnswer(200, {"issues": [], "isLast": True}, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"})


def _with_input(call: JiraCall, request: IncomingRequest) -> JiraCall:
    """The call with its query string and body; raises JiraRefusalError for a body that is no JSON object."""
    arguments = {name: ",".join(values) for name, values in parse_qs(request.query, keep_blank_values=True).items()}
    if not isinstance(request.json, dict):
        raise refusal(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    return replace(call, arguments=arguments, body=request.json)
