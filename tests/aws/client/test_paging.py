"""aws.client.paging: a loop over pages ends."""

import pytest

from aws.client.errors import UnavailableError
from aws.client.paging import PageTokens, RepeatedTokenError


@pytest.mark.parametrize("end", [None, ""])
def test_no_token_is_the_end(end: str | None) -> None:
    tokens = PageTokens("ListModels")
    assert [tokens.following(token) for token in ("a", "b", end)] == ["a", "b", None]


@pytest.mark.parametrize("circle", ["aa", "aba", "abca"])
def test_a_token_that_came_before_is_an_error(circle: str) -> None:
    tokens = PageTokens("ListModels")
    for token in circle[:-1]:
        tokens.following(token)
    with pytest.raises(RepeatedTokenError) as caught:
        tokens.following(circle[-1])
    assert isinstance(caught.value, UnavailableError)
    assert caught.value.operation == "ListModels"


def test_a_token_that_is_new_each_time_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aws.client.paging.MAX_PAGES", 3)
    tokens = PageTokens("ListModels")
    assert [tokens.following(token) for token in "abc"] == ["a", "b", "c"]
    with pytest.raises(RepeatedTokenError, match="does not end"):
        tokens.following("d")
