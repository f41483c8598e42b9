"""workflows.approvals.jira.errors: how long Jira asks to wait, and what of its words is told."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from jira.exceptions import JIRAError
from requests import Response
from requests.exceptions import SSLError

from workflows.approvals.jira.errors import (
    JiraMisconfiguredError,
    JiraThrottledError,
    JiraUnavailableError,
    translated_errors,
)


def answer(status: int, body: str = "", **headers: str) -> JIRAError:
    response = Response()
    response.status_code, response._content = status, body.encode()
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return JIRAError(status_code=status, response=response, headers={"Authorization": "Bearer geheim"})


def test_a_date_to_wait_for() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    with pytest.raises(JiraThrottledError) as caught, translated_errors():
        raise answer(429, Retry_After=soon)
    assert 80 < caught.value.seconds <= 90


def test_words_are_cut_and_pages_are_left_out() -> None:
    with pytest.raises(JiraMisconfiguredError) as caught, translated_errors():
        raise answer(400, '{"errorMessages": ["' + "a b " * 200 + '"]}')
    assert str(caught.value) == f"Jira rejects the gateway's request (400): {('a b ' * 200)[:300]}"
    with pytest.raises(JiraMisconfiguredError) as page, translated_errors():
        raise answer(400, "<HTML>no</HTML>")
    assert str(page.value) == "Jira rejects the gateway's request (400)."


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SSLError("x"), "certificate"),
        (JIRAError("x"), "has given no answer"),
        (ValueError("x"), "are not those of Jira's REST API"),
        (KeyError("x"), "undocumented form"),
        (RecursionError("x"), "undocumented form"),
        (OSError("x"), r"cannot be reached, or is too slow \(OSError\)"),
    ],
)
def test_what_else_can_happen(error: Exception, words: str) -> None:
    with pytest.raises(JiraUnavailableError, match=words) as caught, translated_errors():
        raise error
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
