"""Jira configuration: project, account, timeouts, and the statuses that decide."""

import base64
from dataclasses import dataclass
from typing import Final, Protocol


@dataclass(frozen=True, slots=True)
class JiraTimeouts:
    """Timeouts of Jira, in seconds.

    Attributes:
        connect: For a connection to be made.
        read: For each answer to begin, and between its parts.
        call: For a whole call, pages and all.
        search_lag: For a new issue to be found by a search. Atlassian: "from a few seconds to minutes"
            (https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile/).
    """

    connect: float = 5
    read: float = 20
    call: float = 60
    search_lag: float = 120


DEFAULT_TIMEOUTS: Final = JiraTimeouts()


class SecretText(Protocol):
    """Text that hides itself when printed."""

    def get_secret_value(self) -> str:
        """The text."""


class JiraConfig(Protocol):
    """A project in a Jira, with the account that files there: `jira` in the settings."""

    @property
    def url(self) -> str:
        """Jira's address."""

    @property
    def user(self) -> str:
        """The account's e-mail address (Cloud) or name (Data Center)."""

    @property
    def token(self) -> SecretText:
        """The account's API token (Cloud) or personal access token (Data Center)."""

    @property
    def project(self) -> str:
        """The project's key."""

    @property
    def issue_type(self) -> str:
        """The type of the tickets."""

    @property
    def approved(self) -> tuple[str, ...]:
        """The statuses that approve."""

    @property
    def rejected(self) -> tuple[str, ...]:
        """The statuses that reject."""

    @property
    def poll_seconds(self) -> float:
        """Seconds between two looks at open tickets."""

    @property
    def webhook_secret(self) -> SecretText | None:
        """The secret that signs webhooks; None if webhooks are refused."""

    @property
    def gateway_url(self) -> str | None:
        """The address at which people reach the gateway, for links; None for no links."""


def secrets_of(config: JiraConfig) -> tuple[str, str]:
    """Give the configured token as it is sent: by itself to Data Center, in a pair to Cloud."""
    token = config.token.get_secret_value()
    return token, base64.b64encode(f"{config.user}:{token}".encode()).decode()


def decision_of(config: JiraConfig, status: str) -> bool | None:
    """Give True if the status approves by the configuration, False if it rejects, None if it decides nothing."""
    if _contains_status(status, config.approved):
        return True
    return False if _contains_status(status, config.rejected) else None


def _contains_status(status: str, names: tuple[str, ...]) -> bool:
    """Jira's names of statuses know no case."""
    return status.casefold() in {name.casefold() for name in names}
