"""Faults planned for the next requests to the stand-in Jira, and its rate limit."""

import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import orjson

from sandbox.flow_control import TokenBucket
from sandbox.jira.errors import too_many_requests


@dataclass(frozen=True)
class JiraFault:
    """A fault of the next request whose `METHOD path` matches.

    Attributes:
        pattern: A regular expression, searched for in `METHOD path`; the path without /rest/api/N.
        status: The status of the answer; None drops the connection, and its client cannot know whether the call was
            carried out.
        headers: Headers of the answer.
        late: Whether the request is carried out before the fault.
        body: The answer's body: JSON, or a page of HTML.
    """

    pattern: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    late: bool = False
    body: str = "{}"

    def content(self) -> Any:
        """The body of an answer: parsed, if it is JSON."""
        return orjson.loads(self.body) if self.body.startswith(("{", "[")) else self.body


@dataclass
class JiraFaults:
    """The faults for later requests.

    Attributes:
        queue: Faults in order: the first waits for a request that it matches, and the others wait for the first.
        limit: Bucket of requests for each login; None for no limit.
    """

    queue: deque[JiraFault] = field(default_factory=deque)
    limit: TokenBucket | None = None

    def take(self, call: str) -> JiraFault | None:
        """Take the first fault from the queue if it matches the `METHOD path` of a call; None if it does not."""
        if self.queue and re.search(self.queue[0].pattern, call):
            return self.queue.popleft()
        return None

    def check_limit(self, login: str, *, cloud: bool) -> None:
        """Raise JiraRefusalError if this login has sent too many requests."""
        if self.limit is not None and not self.limit.take((login,)):
            raise too_many_requests(self.limit, cloud=cloud)
