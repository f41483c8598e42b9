"""sandbox.jira.errors: the forms of refusals."""

import pytest

from sandbox.flow_control import TokenBucket
from sandbox.jira.errors import no_such_path, refusal, too_many_requests, unauthenticated


def test_messages_and_messages_of_fields() -> None:
    assert refusal(400, "one", "two").answer.content == {"errorMessages": ["one", "two"], "errors": {}}
    assert refusal(400, summary="long").answer.content == {"errorMessages": [], "errors": {"summary": "long"}}


def test_what_is_said_before_the_api_knows_who_asks() -> None:
    assert [error.answer.status for error in (unauthenticated(), no_such_path("x"))] == [401, 404]
    assert unauthenticated().answer.content["status-code"] == 401


@pytest.mark.parametrize(("per_second", "seconds"), [(0.1, "10"), (3, "1"), (1, "1"), (0.3, "4")])
def test_how_long_to_wait(per_second: float, seconds: str) -> None:
    limit = TokenBucket(per_second, 5)
    for cloud in (True, False):
        answer = too_many_requests(limit, cloud=cloud).answer
        assert (answer.status, answer.headers["Retry-After"]) == (429, seconds)
