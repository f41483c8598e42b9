"""The stand-in Jira's control API below `/sandbox/`: the calls that it received, faults, and its rate limit."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field

from sandbox.control_api import ControlRequest, Number, Text, Whole, validated
from sandbox.flow_control import TokenBucket
from sandbox.jira.answers import JiraAnswer
from sandbox.jira.faults import JiraFault, JiraFaults
from sandbox.requests import IncomingRequest


class JiraTroubleRequest(ControlRequest):
    """``POST /sandbox/trouble``: plans a :class:`JiraFault`.

    Attributes:
        pattern: See `JiraFault`.
        status: See `JiraFault`.
        headers: See `JiraFault`.
        late: See `JiraFault`.
        body: See `JiraFault`.
        times: The number of requests that meet the fault.
    """

    pattern: Text
    status: Annotated[int, Field(strict=True, ge=200, le=599)] | None = None
    headers: dict[str, Text] = Field(default_factory=dict)
    late: Annotated[bool, Field(strict=True)] = False
    body: str = "{}"
    times: Whole = 1


class JiraLimitRequest(ControlRequest):
    """``POST /sandbox/limit``.

    Attributes:
        per_second: Requests of one login per second.
        burst: The most requests at once.
    """

    per_second: Annotated[Number, Field(gt=0)]
    burst: Whole = 1


class JiraControlApi:
    """Answers requests to the stand-in itself; they need no login.

    Args:
        faults: The faults that it plans.
        calls: The calls that were made, as `METHOD path`.
    """

    def __init__(self, faults: JiraFaults, calls: list[str]) -> None:
        self._faults = faults
        self._calls = calls
        self._routes: dict[tuple[str, str], Callable[[dict[str, Any]], object]] = {
            ("GET", "/sandbox/calls"): lambda _: {"calls": list(self._calls)},
            ("DELETE", "/sandbox/calls"): lambda _: self._calls.clear(),
            ("POST", "/sandbox/trouble"): self._make_trouble,
            ("POST", "/sandbox/limit"): self._limit,
            ("DELETE", "/sandbox/trouble"): self._clear,
        }

    def answer(self, request: IncomingRequest) -> JiraAnswer:
        """Answer a request: 404 for an unknown path, 400 with each field that is wrong."""
        route, body = self._routes.get((request.method, request.path)), request.json
        if route is None:
            return JiraAnswer(404, {"message": f"There is no {request.method} {request.path}; see docs/sandbox.md."})
        if not isinstance(body, dict):
            return JiraAnswer(400, {"message": f"{request.path} takes a JSON object."})
        try:
            return JiraAnswer(200, route(body) or {})
        except ValueError as error:
            return JiraAnswer(400, {"message": f"{request.path} does not take this: {error}"})

    def _make_trouble(self, body: dict[str, Any]) -> object:
        values = validated(JiraTroubleRequest, body)
        times, headers = values.pop("times", 1), tuple(values.pop("headers", {}).items())
        self._faults.queue.extend([JiraFault(**values, headers=headers)] * times)
        return None

    def _limit(self, body: dict[str, Any]) -> object:
        values = validated(JiraLimitRequest, body)
        self._faults.limit = TokenBucket(values["per_second"], values.get("burst", 1))
        return None

    def _clear(self, _: dict[str, Any]) -> object:
        self._faults.queue.clear()
        self._faults.limit = None
        return None
