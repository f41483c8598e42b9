"""Web identity tokens."""

import pytest

from sandbox.iam import tokens
from sandbox.iam.tokens import WebIdentity
from sandbox.service_errors import ServiceError


def test_a_token_says_who_bears_it_until_it_expires() -> None:
    token = tokens.issue("issuer/id", "system:serviceaccount:a:b", 1000)
    assert tokens.read(token, 999.9) == WebIdentity("issuer/id", "system:serviceaccount:a:b", "sts.amazonaws.com")
    with pytest.raises(ServiceError) as caught:
        tokens.read(token, 1000)
    assert (caught.value.code, caught.value.message) == (
        "ExpiredTokenException",
        "Token expired: current date/time 1000 must be before the expiration date/time 1000",
    )


@pytest.mark.parametrize("token", ["", "x", "a.b.c", tokens.issue("i", "s", 1000)[:-1] + "!"])
def test_what_is_no_token_of_ours_is_refused(token: str) -> None:
    with pytest.raises(ServiceError) as caught:
        tokens.read(token, 0)
    assert caught.value.code == "InvalidIdentityToken"
