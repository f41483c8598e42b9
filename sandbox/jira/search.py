"""Searches of the stand-in Jira: queries of the one form that the gateway uses, and both kinds of page."""

import re
from typing import Any

from sandbox.jira.accounts import Account
from sandbox.jira.call import JiraCall, shown_issue
from sandbox.jira.errors import JiraRefusalError, refusal
from sandbox.jira.project import Issue, Project

_LABELS = r'"[^"]+"(?:, "[^"]+")*'
_QUERY = re.compile(
    rf'project = "(\w+)" AND creator = currentUser\(\) AND labels in \(({_LABELS})\) ORDER BY created ASC'
)


def find_issues(project: Project, jql: str, account: Account) -> list[Issue]:
    """The issues in the index that a query (`jql`) by the account finds, the oldest first.

    https://support.atlassian.com/jira-software-cloud/docs/jql-fields/ (project, creator, labels),
    …/jql-functions/ (currentUser).

    Raises:
        JiraRefusalError: The query has any other form than the one of the gateway, or another project.
    """
    matched = _QUERY.fullmatch(jql)
    if matched is None:
        raise refusal(400, f"Error in the JQL Query: {jql}")
    if matched[1] != project.key:
        raise refusal(400, f"The value '{matched[1]}' does not exist for the field 'project'.")
    wanted = set(re.findall(r'"([^"]+)"', matched[2]))
    own = [issue for issue in project.indexed.values() if issue.project == matched[1] and issue.creator == account]
    return sorted((issue for issue in own if wanted & set(issue.labels)), key=lambda issue: issue.created)


def search(call: JiraCall) -> dict[str, Any]:
    """A page of a search on Data Center: startAt, maxResults, total (DC #api/2/search-searchUsingSearchRequest).

    Cloud has removed it and answers 410: CLOUD changelog/#CHANGE-2046.
    """
    if call.project.cloud:
        raise JiraRefusalError(410, {"errorMessages": ["The requested API has been removed."]})
    matches = find_issues(call.project, call.text("jql"), call.account)
    begin, most = call.number("startAt", 0), min(call.number("maxResults", 50), call.page)
    issues = [shown_issue(issue, call) for issue in matches[begin : begin + most]]
    return {"startAt": begin, "maxResults": most, "total": len(matches), "issues": issues}


def search_jql(call: JiraCall) -> dict[str, Any]:
    """A page of a search on Cloud: nextPageToken and isLast, no total; Data Center answers 404.

    CLOUD rest/v3/api-group-issue-search/#api-rest-api-3-search-jql-get.
    """
    if not call.project.cloud:
        raise refusal(404, "null for uri: search/jql")
    matches = find_issues(call.project, call.text("jql"), call.account)
    begin = int(call.arguments.get("nextPageToken", "token-0").removeprefix("token-"))
    end = begin + min(call.number("maxResults", 50), call.page)
    more = {"nextPageToken": f"token-{end}"} if end < len(matches) else {}
    return {"issues": [shown_issue(issue, call) for issue in matches[begin:end]], "isLast": not more, **more}
