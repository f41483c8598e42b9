"""Refusals of the stand-in Jira, in the forms of the real one; each cites where its words were seen."""

import math
from collections.abc import Mapping
from typing import Any

from sandbox.flow_control import TokenBucket
from sandbox.jira.answers import JiraAnswer


class JiraRefusalError(Exception):
    """A call is refused; `answer` is for its client.

    Args:
        status: The HTTP status.
        content: The body: a value for JSON, or a page of HTML.
        headers: Headers beside the type and length.
    """

    def __init__(self, status: int, content: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status}: {content}")
        self.answer = JiraAnswer(status, content, headers or {})


def refusal(status: int, *messages: str, **errors: str) -> JiraRefusalError:
    """A refusal with general messages, and errors by field: CLOUD rest/v3/intro/#status-codes."""
    return JiraRefusalError(status, {"errorMessages": list(messages), "errors": errors})


def unauthenticated() -> JiraRefusalError:
    """401 for a request without a known login (CLOUD rest/v3/intro/#status-codes)."""
    message = "Client must be authenticated to access this resource."
    return JiraRefusalError(401, {"message": message, "status-code": 401})


def no_such_path(path: str) -> JiraRefusalError:
    """404 for a path that the API does not have."""
    return JiraRefusalError(404, {"message": f"null for uri: {path}", "status-code": 404})


def no_such_issue() -> JiraRefusalError:
    """404 for an issue that does not exist or is hidden: Jira does not tell which (DC #api/2/issue-getIssue)."""
    return refusal(404, "Issue does not exist or you do not have permission to see it.")


def no_such_project(key: str | None) -> JiraRefusalError:
    """404 for the key of a project that does not exist or is hidden."""
    return refusal(404, f"No project could be found with key '{key}'.")


def too_many_requests(limit: TokenBucket, *, cloud: bool) -> JiraRefusalError:
    """429: CLOUD rate-limiting/ and build-an-app-that-respects-rate-limits/ (Retry-After, RateLimit-Reason).

    Data Center's headers: https://confluence.atlassian.com/doc/_ratelimiting_httpheaders-992678779.html, and its words
    https://github.com/atlassian/atlascode/issues/1338.
    """
    seconds = math.ceil(1 / limit.per_second)
    headers = {"Retry-After": str(seconds), "X-RateLimit-Limit": str(limit.burst), "X-RateLimit-Remaining": "0"}
    if cloud:
        return JiraRefusalError(
            429, {"errorMessages": ["Rate limit exceeded."]}, headers | {"RateLimit-Reason": "jira-burst-based"}
        )
    refill = {"X-RateLimit-Interval-Seconds": str(seconds), "X-RateLimit-FillRate": "1"}
    return JiraRefusalError(429, {"message": "Rate limit exceeded."}, headers | refill)
