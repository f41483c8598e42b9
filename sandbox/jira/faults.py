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
        status: The status of the answer; None drops the connection, and its client cannot know
            whether the call was carried out.
        headers: Headers of the answer.
        late: Whether the request is carried out before.
        body: The answer's body: JSON, or a page of HTML.
    """

    pattern: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    late: bool = False
    body: str = "{}"

    def content(self) -> Any:
        """The body as an answer has it: parsed, if it is JSON."""
        return orjson.loads(self.body) if self.body.startswith(("{", "[")) else self.body


@dataclass
class JiraFaults:
    """The faults that are planned.

    Attributes:
        queue: Faults; the first one waits for a request that it matches, and the others for it.
        limit: How often each login may ask; None for no limit.
    """

    queue: deque[JiraFault] = field(default_factory=deque)
    limit: TokenBucket | None = None

    def take(self, call: str) -> JiraFault | None:
        """The fault of this `METHOD path`, which then is no longer planned."""
        if self.queue and re.search(self.queue[0].pattern, call):
            return self.queue.popleft()
        return None

    def check_limit(self, login: str, *, cloud: bool) -> None:
        """Raise JiraRefusalError if this login has asked too often."""
        if self.limit is not None and not self.limit.take((login,)):
            raise too_many_requests(self.limit, cloud=cloud)
