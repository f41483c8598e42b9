"""sandbox.jira.faults: which request a fault befalls, and 429 as either kind says it."""

from sandbox.flow_control import TokenBucket
from sandbox.jira.accounts import BEN
from sandbox.jira.faults import JiraFault, JiraFaults
from sandbox.jira.server import JiraServer
from tests.sandbox.jira.conftest import Ask


def test_each_fault_waits_for_the_one_before() -> None:
    first, second = JiraFault("POST issue$", 500), JiraFault("GET search", 503)
    faults = JiraFaults()
    faults.queue += [first, second]
    assert [faults.take(call) for call in ("GET search", "POST issue", "GET search", "GET search")] == [
        None,
        first,
        second,
        None,
    ]


def test_a_body_is_parsed_if_it_is_json() -> None:
    assert JiraFault("x", 400, body='{"errors": {}}').content() == {"errors": {}}
    assert JiraFault("x", 400, body="<html></html>").content() == "<html></html>"


async def test_who_asks_too_often_is_told_to_wait(jira: JiraServer, ask: Ask) -> None:
    jira.faults.limit = TokenBucket(per_second=0.05, burst=2)
    result = [await ask("GET", "myself") for _ in range(3)]
    assert [item.status_code for item in result] == [200, 200, 429]
    headers = result[2].headers
    assert (headers["Retry-After"], headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("20", "2", "0")
    kind = ("RateLimit-Reason", "jira-burst-based") if jira.cloud else ("X-RateLimit-Interval-Seconds", "20")
    assert headers[kind[0]] == kind[1]
    assert (await ask("GET", "myself", by=BEN)).status_code == 200
