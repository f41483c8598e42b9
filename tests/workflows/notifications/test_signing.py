"""workflows.notifications.signing: as Standard Webhooks has it, checked with its own library and its own example."""

from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from workflows.notifications.signing import secret_bytes, signed_headers

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = '{"test": 2432232314}'


def test_the_example_of_the_specification() -> None:
    headers = signed_headers(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC), BODY)
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("changed", ["webhook-id", "webhook-timestamp", "body", None])
def test_its_library_takes_what_was_signed_and_nothing_else(changed: str | None) -> None:
    headers = dict(signed_headers(SECRET, "one", datetime.now(UTC), BODY))
    body = BODY
    if changed == "body":
        body = BODY.replace("2432232314", "2432232315")
    elif changed is not None:
        headers[changed] = str(int(headers[changed]) + 1) if changed == "webhook-timestamp" else "two"
    if changed is None:
        assert Verifier(SECRET).verify(body, headers) == {"test": 2432232314}
        return
    with pytest.raises(WebhookVerificationError):
        Verifier(SECRET).verify(body, headers)


@pytest.mark.parametrize(
    "secret",
    ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_short", "whsec_c2hvcnQ=", f"whsec_{'A' * 88}", "whsec_ä"],
)
def test_what_is_no_secret(secret: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        secret_bytes(secret)
