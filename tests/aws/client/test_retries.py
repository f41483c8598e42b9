"""aws.client.retries: how often each failure is tried again."""

import pytest

from aws.client import retries
from aws.client.errors import (
    AccessDeniedError,
    AWSError,
    CredentialsRejectedError,
    InvalidRequestError,
    NotFoundError,
    ThrottledError,
    UnavailableError,
)
from aws.client.retries import Retries
from concurrency.backoff import Backoff


@pytest.mark.parametrize(
    ("kind", "tries"),
    [
        (ThrottledError, 8),
        (CredentialsRejectedError, 2),
        (UnavailableError, 2),
        (AccessDeniedError, 1),
        (InvalidRequestError, 1),
        (NotFoundError, 1),
    ],
)
async def test_how_often_a_call_is_made(monkeypatch: pytest.MonkeyPatch, kind: type[AWSError], tries: int) -> None:
    monkeypatch.setattr(retries, "UNAVAILABLE_BACKOFF", Backoff(0, 0))
    rule, error = Retries(), kind("No.", operation="ListModels")
    for _ in range(tries - 1):
        await rule.pause_or_raise(error)
    with pytest.raises(kind) as caught:
        await rule.pause_or_raise(error)
    assert caught.value is error


async def test_an_unanswered_write_is_not_made_again() -> None:
    with pytest.raises(UnavailableError):
        await Retries(tries_when_unavailable=1).pause_or_raise(UnavailableError("No.", operation="CreateEndpoint"))
