"""The sandbox's control API below `/sandbox/`: the clock, the call log, faults, outcomes, IAM."""

import math
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sandbox.call_log import CallLog
from sandbox.fault_injection import FaultInjection
from sandbox.iam import tokens
from sandbox.iam.authorization import Authorizer
from sandbox.requests import IncomingRequest
from sandbox.responses import HttpResponse, json_response
from sandbox.sagemaker.store import ENDPOINT, INFERENCE_COMPONENT, PROCESSING_JOB, TRAINING_JOB, TRANSFORM_JOB
from sandbox.sagemaker.timeline import Outcome, Timeline


class ControlApi:
    """Answers requests to the sandbox itself; they need no signature."""

    def __init__(self, timeline: Timeline, calls: CallLog, faults: FaultInjection, authorizer: Authorizer) -> None:
        self._timeline = timeline
        self._clock = timeline.clock
        self._calls = calls
        self._faults = faults
        self._authorizer = authorizer
        self._routes: dict[tuple[str, str], Callable[[dict[str, Any]], object]] = {
            ("GET", "/sandbox/calls"): self._show_calls,
            ("DELETE", "/sandbox/calls"): lambda _: self._calls.clear(),
            ("GET", "/sandbox/clock"): self._show_clock,
            ("POST", "/sandbox/clock"): self._set_clock,
            ("POST", "/sandbox/trouble"): self._make_trouble,
            ("DELETE", "/sandbox/trouble"): lambda _: self._faults.clear(),
            ("POST", "/sandbox/outcomes"): self._decide_outcome,
            ("POST", "/sandbox/iam"): self._set_iam,
            ("POST", "/sandbox/tokens"): self._issue_token,
        }

    def answer(self, request: IncomingRequest) -> HttpResponse | None:
        """The answer; None if the request is not for the sandbox itself."""
        if request.credential or not request.path.startswith(("/sandbox/", "/moto-api/reset-auth")):
            return None
        if request.path == "/moto-api/reset-auth":
            # Moto's own switch: so many requests pass before its IAM counts. Here it counts at once.
            self._authorizer.is_open = False
            return json_response({"status": "ok", "PREVIOUS_INITIAL_NO_AUTH_ACTION_COUNT": 0})
        route = self._routes.get((request.method, request.path))
        body = request.json
        if route is None:
            return json_response({"message": f"There is no {request.method} {request.path}; see docs/sandbox.md."}, 404)
        if not isinstance(body, dict):
            return json_response({"message": f"{request.path} takes a JSON object."}, 400)
        try:
            return json_response(route(body) or {})
        except (ValueError, OverflowError) as error:
            return json_response({"message": f"{request.path} does not take this: {error}"}, 400)

    def _show_calls(self, _: dict[str, Any]) -> object:
        return {"byOperation": self._calls.by_operation(), "byPrincipal": self._calls.by_principal()}

    def _show_clock(self, _: dict[str, Any]) -> object:
        return {"now": self._clock.at().isoformat(), "speed": self._clock.speed}

    def _set_clock(self, body: dict[str, Any]) -> object:
        values = validated(ClockRequest, body)
        if (to := values.get("set")) is not None:
            self._clock.set(to)
        if (speed := values.get("speed")) is not None:
            self._clock.run(speed)
        if (seconds := values.get("advance")) is not None:
            self._clock.advance(seconds)
        return self._show_clock(body)

    def _make_trouble(self, body: dict[str, Any]) -> object:
        kind = body.get("kind")
        if not isinstance(kind, str) or kind not in FAULT_REQUESTS:
            raise ValueError(f"kind is one of {', '.join(FAULT_REQUESTS)}")
        values = validated(FAULT_REQUESTS[kind], {name: value for name, value in body.items() if name != "kind"})
        getattr(self._faults, kind)(**values)
        return None

    def _decide_outcome(self, body: dict[str, Any]) -> object:
        values = validated(OutcomeRequest, body)
        kind, name = OUTCOME_KINDS[values.pop("kind")], values.pop("name")
        self._timeline.decide_outcome(kind, name, Outcome(**values))
        return None

    def _set_iam(self, body: dict[str, Any]) -> object:
        self._authorizer.is_open = not validated(IamRequest, body)["enforced"]
        return {"enforced": not self._authorizer.is_open}

    def _issue_token(self, body: dict[str, Any]) -> object:
        values = validated(TokenRequest, body)
        expires = self._clock.now() + values.get("seconds", 3600.0)
        return {"token": tokens.issue(values["issuer"], values["subject"], expires)}


Number = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
Text = Annotated[str, Field(strict=True, min_length=1)]
Whole = Annotated[int, Field(strict=True, ge=1)]


class ControlRequest(BaseModel):
    """A request body; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class ClockRequest(ControlRequest):
    """``POST /sandbox/clock``; the fields take effect in this order."""

    set: AwareDatetime | None = None
    speed: Number | None = None
    advance: Number | None = None


class IamRequest(ControlRequest):
    """``POST /sandbox/iam``."""

    enforced: Annotated[bool, Field(strict=True)]


_SPELLED = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def _spelled(value: object) -> object:
    """A number that JSON lacks, as AWS's protocol spells it; everything else as it is."""
    return _SPELLED.get(value, value) if isinstance(value, str) else value


MetricValue = Annotated[float, Field(strict=True), BeforeValidator(_spelled)]


class OutcomeRequest(ControlRequest):
    """``POST /sandbox/outcomes``."""

    kind: Literal["endpoint", "training-job", "transform-job", "inference-component", "processing-job"]
    name: Text
    failure: Text | None = None
    seconds: Number | None = None
    keeps_reason: Annotated[bool, Field(strict=True)] = True
    rollback_fails: Annotated[bool, Field(strict=True)] = False
    metrics: dict[str, MetricValue] = {}


OUTCOME_KINDS = {
    kind.arn_type: kind for kind in (ENDPOINT, TRAINING_JOB, TRANSFORM_JOB, INFERENCE_COMPONENT, PROCESSING_JOB)
}


class TokenRequest(ControlRequest):
    """``POST /sandbox/tokens``."""

    issuer: Text
    subject: Text
    seconds: Number = 3600.0


class FaultRequest(ControlRequest):
    """Whom trouble meets and how often; enough for ``throttle``, ``drop``, ``lose`` and ``repeat``."""

    operation: Text
    name: Text | None = None
    account: Text | None = None
    principal: Text | None = None
    times: Whole | None = None


class RefuseRequest(FaultRequest):
    """``refuse``."""

    xml: Annotated[bool, Field(strict=True)] = False


class FailRequest(FaultRequest):
    """``fail``."""

    status: Annotated[int, Field(strict=True, ge=400, le=599)] = 500
    code: Text | None = None
    message: Text = "An internal error occurred."


class DelayRequest(FaultRequest):
    """``delay``."""

    seconds: Number


class ShortenRequest(FaultRequest):
    """``shorten``."""

    rows: Annotated[int, Field(strict=True, ge=0)]


class LimitRequest(ControlRequest):
    """``limit``."""

    operation: Text
    per_second: Annotated[Number, Field(gt=0)]
    burst: Whole | None = None


FAULT_REQUESTS: dict[str, type[ControlRequest]] = {
    "refuse": RefuseRequest,
    "throttle": FaultRequest,
    "fail": FailRequest,
    "drop": FaultRequest,
    "lose": FaultRequest,
    "delay": DelayRequest,
    "limit": LimitRequest,
    "shorten": ShortenRequest,
    "repeat": FaultRequest,
}


def validated(kind: type[ControlRequest], body: dict[str, Any]) -> dict[str, Any]:
    """The typed values of a body, without fields left out. Raises ValueError, naming every field that is wrong."""
    try:
        return kind.model_validate(body).model_dump(exclude_unset=True)
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_url=False))
        raise ValueError("; ".join(faults)) from error
