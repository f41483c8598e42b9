"""Jira configuration: project, account, timeouts, and the statuses that decide."""

import base64
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class JiraTimeouts:
    """How long Jira may take, in seconds.

    Attributes:
        connect: For a connection to be made.
        read: For each answer to begin, and between its parts.
        call: For a whole call, pages and all.
        search_lag: For what was written to be found by a search. Atlassian: "from a few seconds to minutes"
            (https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile/).
    """

    connect: float = 5
    read: float = 20
    call: float = 60
    search_lag: float = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class JiraConfig:
    """A project in a Jira, with the account that files there.

    Attributes:
        url: Jira's address.
        user: The account's e-mail address (Cloud) or name (Data Center).
        token: Its API token (Cloud) or personal access token (Data Center).
        project: The project's key.
        issue_type: What the tickets are.
        approved: The statuses that approve.
        rejected: The statuses that reject.
        poll_seconds: Seconds between two looks at open tickets.
        webhook_secret: The secret that signs webhooks; None if there are none.
        gateway_url: The address under which people reach the gateway, for links; None for no links.
        timeouts: How long Jira may take.
    """

    url: str
    user: str
    token: str = field(repr=False)
    project: str
    issue_type: str
    approved: tuple[str, ...]
    rejected: tuple[str, ...]
    poll_seconds: float = 30
    webhook_secret: str | None = field(default=None, repr=False)
    gateway_url: str | None = None
    timeouts: JiraTimeouts = JiraTimeouts()

    @property
    def secrets(self) -> tuple[str, str]:
        """The token as it is sent: by itself to Data Center, in a pair to Cloud."""
        return self.token, base64.b64encode(f"{self.user}:{self.token}".encode()).decode()

    def decision_of(self, status: str) -> bool | None:
        """Whether this status approves (True) or rejects (False); None for one that decides nothing."""
        if _contains_status(status, self.approved):
            return True
        return False if _contains_status(status, self.rejected) else None


def _contains_status(status: str, names: tuple[str, ...]) -> bool:
    """Jira's names of statuses know no case."""
    return status.casefold() in {name.casefold() for name in names}
