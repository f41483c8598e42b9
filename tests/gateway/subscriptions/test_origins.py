"""gateway.subscriptions.origins: a page of another origin opens no socket."""

import pytest

from gateway.subscriptions.origins import is_origin_allowed

ALLOWED = frozenset({"https://app.example.com"})


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        (None, "gateway.example.com", True),
        ("https://gateway.example.com", "gateway.example.com", True),
        ("https://gateway.example.com:8443", "gateway.example.com:8443", True),
        ("https://app.example.com", "gateway.example.com", True),
        ("https://gateway.example.com", "gateway.example.com:443", True),
        ("https://gateway.example.com:8443", "gateway.example.com", False),
        ("https://gateway.example.com.evil.org", "gateway.example.com", False),
        ("https://evil.org?gateway.example.com", "gateway.example.com", False),
        ("https://gateway.example.com@evil.org", "gateway.example.com", False),
        ("https://app.example.com.evil.org", "gateway.example.com", False),
        ("https://app.example.com:8443", "gateway.example.com", False),
        ("http://app.example.com", "gateway.example.com", False),
        ("https://APP.example.com", "gateway.example.com", False),
        ("https://sub.app.example.com", "gateway.example.com", False),
        ("null", "gateway.example.com", False),
        ("", "gateway.example.com", False),
        ("file://", "gateway.example.com", False),
        ("https://gateway.example.com", None, False),
    ],
)
def test_an_origin_is_this_host_or_is_named(origin: str | None, host: str | None, allowed: bool) -> None:
    headers = {name: value for name, value in (("origin", origin), ("host", host)) if value is not None}
    assert is_origin_allowed(headers, ALLOWED) is allowed
