"""The sandbox's own HTTP side, below ``/sandbox/``: the clock, the counts, trouble, IAM, from outside the process.

``GET /sandbox/calls``, ``DELETE /sandbox/calls``; ``GET /sandbox/clock``, ``POST /sandbox/clock`` with
``{"advance": seconds}``, ``{"speed": times}`` or ``{"set": "2026-01-31T12:00:00+00:00"}``; ``POST /sandbox/trouble``
with ``{"kind": "delay", "operation": "List*", "seconds": 0.2}`` (kinds and fields as in :class:`Trouble`),
``DELETE /sandbox/trouble``; ``POST /sandbox/iam`` with ``{"enforced": true}``; ``POST /sandbox/tokens`` with
``{"issuer": …, "subject": …, "seconds": 3600}``.
"""

from collections.abc import Callable
from typing import Any

from sandbox.asks import FAULT_REQUESTS, ClockRequest, IamRequest, TokenRequest, validated
from sandbox.calls import CallLog
from sandbox.clock import Clock
from sandbox.iam import tokens
from sandbox.iam.gate import Authorizer
from sandbox.replies import HttpResponse, json_response
from sandbox.requests import IncomingRequest
from sandbox.trouble import FaultInjection


class ControlApi:
    """Answers requests to the sandbox itself; they need no signature."""

    def __init__(self, clock: Clock, calls: CallLog, trouble: FaultInjection, gate: Authorizer) -> None:
        self._clock = clock
        self._calls = calls
        self._trouble = trouble
        self._gate = gate
        self._routes: dict[tuple[str, str], Callable[[dict[str, Any]], object]] = {
            ("GET", "/sandbox/calls"): self._show_calls,
            ("DELETE", "/sandbox/calls"): lambda _: self._calls.clear(),
            ("GET", "/sandbox/clock"): self._show_clock,
            ("POST", "/sandbox/clock"): self._set_clock,
            ("POST", "/sandbox/trouble"): self._make_trouble,
            ("DELETE", "/sandbox/trouble"): lambda _: self._trouble.clear(),
            ("POST", "/sandbox/iam"): self._set_iam,
            ("POST", "/sandbox/tokens"): self._issue_token,
        }

    def answer(self, request: IncomingRequest) -> HttpResponse | None:
        """The answer; None where the request is not for the sandbox itself."""
        if request.credential or not request.path.startswith(("/sandbox/", "/moto-api/reset-auth")):
            return None
        if request.path == "/moto-api/reset-auth":
            # Moto's own switch: so many requests pass before its IAM counts. Here it counts at once.
            self._gate.is_open = False
            return json_response({"status": "ok", "PREVIOUS_INITIAL_NO_AUTH_ACTION_COUNT": 0})
        route = self._routes.get((request.method, request.path))
        ask = request.json
        if route is None:
            return json_response({"message": f"There is no {request.method} {request.path}; see docs/sandbox.md."}, 404)
        if not isinstance(ask, dict):
            return json_response({"message": f"{request.path} takes a JSON object."}, 400)
        try:
            return json_response(route(ask) or {})
        except (ValueError, OverflowError) as error:
            return json_response({"message": f"{request.path} does not take this: {error}"}, 400)

    def _show_calls(self, _: dict[str, Any]) -> object:
        return {"byOperation": self._calls.by_operation(), "byPrincipal": self._calls.by_principal()}

    def _show_clock(self, _: dict[str, Any]) -> object:
        return {"now": self._clock.at().isoformat(), "speed": self._clock.speed}

    def _set_clock(self, ask: dict[str, Any]) -> object:
        asked = validated(ClockRequest, ask)
        if (to := asked.get("set")) is not None:
            self._clock.set(to)
        if (speed := asked.get("speed")) is not None:
            self._clock.run(speed)
        if (seconds := asked.get("advance")) is not None:
            self._clock.advance(seconds)
        return self._show_clock(ask)

    def _make_trouble(self, ask: dict[str, Any]) -> object:
        kind = ask.get("kind")
        if not isinstance(kind, str) or kind not in FAULT_REQUESTS:
            raise ValueError(f"kind is one of {', '.join(FAULT_REQUESTS)}")
        asked = validated(FAULT_REQUESTS[kind], {name: value for name, value in ask.items() if name != "kind"})
        getattr(self._trouble, kind)(**asked)
        return None

    def _set_iam(self, ask: dict[str, Any]) -> object:
        self._gate.is_open = not validated(IamRequest, ask)["enforced"]
        return {"enforced": not self._gate.is_open}

    def _issue_token(self, ask: dict[str, Any]) -> object:
        asked = validated(TokenRequest, ask)
        expires = self._clock.now() + asked.get("seconds", 3600.0)
        return {"token": tokens.issue(asked["issuer"], asked["subject"], expires)}
