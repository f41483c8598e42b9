"""auth.errors: each says what its caller may know, and no more."""

import pytest

from auth.errors import (
    AuthError,
    CredentialsError,
    InvalidIdentityError,
    InvalidTokenError,
    RoleRefusedError,
    TokenFault,
)
from auth.tokens.identity import MAX_TOKEN_CHARACTERS


@pytest.mark.parametrize("fault", TokenFault)
def test_a_token_is_refused_with_the_class_of_the_reason(fault: TokenFault) -> None:
    error = InvalidTokenError(fault)
    assert isinstance(error, InvalidIdentityError)
    assert (str(error), error.fault) == (f"The token is refused ({fault.value}).", fault)


def test_a_remedy_may_stand_behind_the_reason() -> None:
    error = InvalidTokenError(TokenFault.EXPIRED, "Sign in again.")
    assert str(error) == "The token is refused (expired: get a new one). Sign in again."


def test_the_longest_token_is_the_one_that_is_told() -> None:
    assert f"at most {MAX_TOKEN_CHARACTERS} characters" in TokenFault.MALFORMED.value


def test_credentials_that_could_not_be_had_tell_of_the_role_and_the_call() -> None:
    error = RoleRefusedError("No.", role="arn:1", operation="AssumeRole", request_id="request-1")
    assert isinstance(error, CredentialsError | AuthError)
    assert (str(error), error.role, error.operation, error.request_id) == ("No.", "arn:1", "AssumeRole", "request-1")
    plain = CredentialsError("No.")
    assert (plain.role, plain.operation, plain.request_id) == (None, None, None)
