"""Settings of notifications: signed webhooks, and the checks between them."""

import ipaddress
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import SecretStr

from gateway.settings.document import RawNode
from gateway.settings.errors import InvalidValueError, SettingsFault
from gateway.settings.model import SettingsModel, ValueType
from gateway.settings.permissions import unknown_groups
from gateway.settings.values import Group, text, url
from registry.webhook_deliveries import ALL_EVENTS
from workflows.notifications.signing import secret_bytes

_KINDS = ("deployment.*", "import.*")


def webhook_url(raw: object) -> SecretStr:
    """Read the raw address of a webhook as a secret: https, or http on this machine.

    Raises:
        InvalidValueError: The address is plain HTTP to another machine, or malformed.
    """
    address = url(raw)
    parts = urlsplit(address)
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise InvalidValueError("is plain HTTP, over which events can be read and changed; write https")
    return SecretStr(address)


def webhook_secret(raw: object) -> SecretStr:
    """Read a raw secret of Standard Webhooks (`whsec_` and base64 of 24 to 64 bytes). Raises ValueError."""
    value = text(raw)
    secret_bytes(value)
    return SecretStr(value)


def event(raw: object) -> str:
    """Read a raw event, or all events of a kind. Raises InvalidValueError."""
    value = text(raw)
    if value not in {*ALL_EVENTS, *_KINDS}:
        raise InvalidValueError(f"is not an event; expected one of {', '.join((*_KINDS, *sorted(ALL_EVENTS)))}")
    return value


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


WebhookUrl = Annotated[SecretStr, ValueType("an address such as https://hooks.example.com/sagegraph", webhook_url)]
WebhookSecret = Annotated[
    SecretStr,
    ValueType("whsec_ and the base64 of 24 to 64 random bytes, as of `openssl rand -base64 32`", webhook_secret),
]
EventName = Annotated[str, ValueType("an event such as deployment.awaiting_approval, or deployment.*", event)]


class WebhookSettings(SettingsModel):
    """`notifications.webhooks`: one for each receiver.

    Attributes:
        url: The receiver's address: `https`, or `http` on this machine. Each stands once.
        secret: The secret that signs deliveries: `whsec_` and the base64 of 24 to 64 random bytes.
        events: The events that the receiver gets, or `deployment.*` and `import.*` for all of a kind.
        groups: The groups whose events the receiver gets; `[]` means every group.
    """

    url: WebhookUrl
    secret: WebhookSecret
    events: tuple[EventName, ...] = _KINDS
    groups: tuple[Group, ...] = ()


class NotificationSettings(SettingsModel):
    """`notifications`: events for other systems.

    Attributes:
        webhooks: The receivers of events.
    """

    webhooks: tuple[WebhookSettings, ...] = ()


def check_notifications(settings: RawNode) -> Iterator[SettingsFault]:
    """Yield the faults between the settings of webhooks: a second one with an address, and each unknown group."""
    yield from unknown_groups(
        settings,
        (group for webhook in settings["notifications"]["webhooks"].items() for group in webhook["groups"].items()),
    )
    named: set[str] = set()
    for webhook in settings["notifications"]["webhooks"].items():
        address = webhook["url"].text()
        if address is not None and address in named:
            yield SettingsFault(
                webhook["url"].key, "is another webhook's address too; keep one of them, with all events"
            )
        named |= {address} if address is not None else set()
