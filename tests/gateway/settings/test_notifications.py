"""gateway.settings.notifications: addresses that are safe to send to, secrets that are secrets, events that exist."""

from typing import Any

import pytest

from gateway.settings.settings import from_mapping
from tests.gateway.settings.conftest import FaultsOf
from tests.workflows.notifications.receiver import SECRET

URL = "https://hooks.example.com/sagegraph"


def block(**changed: Any) -> dict[str, Any]:
    return {"notifications": {"webhooks": [{"url": URL, "secret": SECRET, **changed}]}}


def test_nobody_is_told_unless_it_is_written() -> None:
    assert from_mapping({}).notifications.webhooks == ()


@pytest.mark.parametrize("url", [URL, "http://127.0.0.1:9000/x", "http://localhost/x", "http://[::1]:1/x"])
def test_addresses(url: str) -> None:
    (webhook,) = from_mapping(block(url=url)).notifications.webhooks
    assert webhook.url.get_secret_value() == url
    assert webhook.events == ("deployment.*", "import.*")
    assert url not in repr(webhook)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/x",
        "http://10.0.0.1/x",
        "http://169.254.169.254/latest/meta-data",
        "http://relay.svc/x",
        "https://user:word@hooks.example.com/x",
        "ftp://hooks.example.com/x",
        "receiver.example.net",
    ],
)
def test_addresses_that_are_refused(faults_of: FaultsOf, url: str) -> None:
    faults = faults_of(block(url=url))
    assert list(faults) == ["notifications.webhooks[0].url"]
    assert url not in str(faults)


@pytest.mark.parametrize("secret", ["guess", "whsec_", "whsec_c2hvcnQ=", ""])
def test_a_secret_that_is_none(faults_of: FaultsOf, secret: str) -> None:
    faults = faults_of(block(secret=secret))
    assert list(faults) == ["notifications.webhooks[0].secret"]
    assert "openssl rand -base64 32" in str(faults)


@pytest.mark.parametrize("event", ["deployment.done", "deployment", "*", "import.running"])
def test_an_event_that_is_none(faults_of: FaultsOf, event: str) -> None:
    assert list(faults_of(block(events=[event]))) == ["notifications.webhooks[0].events[0]"]


def test_a_group_that_nobody_has(faults_of: FaultsOf) -> None:
    """Its events would never come."""
    permissions = {"permissions": [{"group": "risk", "allow": ["READ"]}]}
    assert list(faults_of(block(groups=["rsik"]) | permissions)) == ["notifications.webhooks[0].groups[0]"]
    (webhook,) = from_mapping(block(groups=["risk"]) | permissions).notifications.webhooks
    assert webhook.groups == ("risk",)


def test_one_address_stands_once(faults_of: FaultsOf) -> None:
    twice = {"notifications": {"webhooks": [{"url": URL, "secret": SECRET}, {"url": URL, "secret": SECRET}]}}
    assert list(faults_of(twice)) == ["notifications.webhooks[1].url"]
