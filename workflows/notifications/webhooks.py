"""The webhooks that the settings name, and the events that each one wants."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr

from registry.webhook_deliveries import ALL_EVENTS, WebhookFilter


class WebhookConfig(Protocol):
    """One of `notifications.webhooks` in the settings."""

    @property
    def url(self) -> SecretStr:
        """The receiver's address."""

    @property
    def secret(self) -> SecretStr:
        """The secret that deliveries are signed with."""

    @property
    def events(self) -> tuple[str, ...]:
        """The events, or `deployment.*` and `import.*` for all of a kind."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups whose events they are; none for every group's."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A receiver of events.

    Attributes:
        url: Its address.
        secret: The secret that deliveries are signed with.
        filter: The events that it wants.
    """

    url: str
    secret: str
    filter: WebhookFilter

    def __repr__(self) -> str:
        return f"Webhook({self.host})"

    @property
    def id(self) -> str:
        """The id under which its deliveries are kept, in every process whose settings name this address."""
        return hashlib.sha256(self.url.encode()).hexdigest()

    @property
    def host(self) -> str:
        """The host of its address, for logs: the rest may hold a secret."""
        return urlsplit(self.url).hostname or "?"


def webhooks_of(configs: Sequence[WebhookConfig]) -> tuple[Webhook, ...]:
    """Give the webhooks of their configurations in the settings."""
    return tuple(
        Webhook(
            config.url.get_secret_value(),
            config.secret.get_secret_value(),
            WebhookFilter(_events(config.events), frozenset(config.groups) or None),
        )
        for config in configs
    )


def _events(patterns: Sequence[str]) -> frozenset[str]:
    chosen = {pattern for pattern in patterns if not pattern.endswith(".*")}
    kinds = tuple(pattern.removesuffix("*") for pattern in patterns if pattern.endswith(".*"))
    return frozenset(chosen | {event for event in ALL_EVENTS if event.startswith(kinds)})
