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
