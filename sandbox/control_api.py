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
    """Answers requests to the sandbox itself; they need no signature.

    Args:
        timeline: Holds the clock and the outcomes that requests set.
        calls: The log that requests show and clear.
        faults: Takes the faults that requests plan.
        authorizer: Turned on and off by requests.
    """

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
        """Answer a request to the sandbox itself; None if the request is for a service of AWS."""
        if request.credential or not request.path.startswith(("/sandbox/", "/moto-api/reset-auth")):
            return None
        if request.path == "/moto-api/reset-auth":
            # Moto's own switch takes the number of requests that pass before IAM counts. Here IAM counts at once.
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
    """``POST /sandbox/clock``; the fields take effect in this order.

    Attributes:
        set: The time to show.
        speed: Sandbox seconds per real second.
        advance: Sandbox seconds to move on.
    """

    set: AwareDatetime | None = None
    speed: Number | None = None
    advance: Number | None = None


class IamRequest(ControlRequest):
    """``POST /sandbox/iam``.

    Attributes:
        enforced: Whether signatures and policies are checked.
    """

    enforced: Annotated[bool, Field(strict=True)]


_SPELLED = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def _spelled(value: object) -> object:
    """The number that AWS's protocol spells as a text because JSON lacks it; every other value as it is."""
    return _SPELLED.get(value, value) if isinstance(value, str) else value


MetricValue = Annotated[float, Field(strict=True), BeforeValidator(_spelled)]


class OutcomeRequest(ControlRequest):
    """``POST /sandbox/outcomes``.

    Attributes:
        kind: The kind of the resource.
        name: The name of a resource that exists or is made later.
        failure: The FailureReason; None for success.
        seconds: Sandbox seconds until the end; None for the usual ones.
        keeps_reason: See `Outcome`.
        rollback_fails: See `Outcome`.
        metrics: Final metrics of a training job, by name.
    """

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
    """``POST /sandbox/tokens``.

    Attributes:
        issuer: The issuer, as the OIDC provider is registered, without ``https://``.
        subject: The claim ``sub``.
        seconds: Sandbox seconds for which the token is valid.
    """

    issuer: Text
    subject: Text
    seconds: Number = 3600.0


class FaultRequest(ControlRequest):
    """The target of a fault, and the number of times; complete for ``throttle``, ``drop``, ``lose`` and ``repeat``.

    Attributes:
        operation: Pattern of operations, such as ``List*``.
        name: See `FaultTarget`.
        account: See `FaultTarget`.
        principal: See `FaultTarget`.
        times: How often the fault happens; None until it is cleared.
    """

    operation: Text
    name: Text | None = None
    account: Text | None = None
    principal: Text | None = None
    times: Whole | None = None


class RefuseRequest(FaultRequest):
    """The fault ``refuse``.

    Attributes:
        xml: Whether the answer has moto's XML, whatever the service's own form is.
    """

    xml: Annotated[bool, Field(strict=True)] = False


class FailRequest(FaultRequest):
    """The fault ``fail``.

    Attributes:
        status: The HTTP status.
        code: The error code; None for the usual one of the status.
        message: The error message.
    """

    status: Annotated[int, Field(strict=True, ge=400, le=599)] = 500
    code: Text | None = None
    message: Text = "An internal error occurred."


class DelayRequest(FaultRequest):
    """The fault ``delay``.

    Attributes:
        seconds: Real seconds before the answer.
    """

    seconds: Number


class ShortenRequest(FaultRequest):
    """The fault ``shorten``.

    Attributes:
        rows: The most rows of a page.
    """

    rows: Annotated[int, Field(strict=True, ge=0)]


class LimitRequest(ControlRequest):
    """The fault ``limit``: a token bucket for each account, region and operation.

    Attributes:
        operation: Pattern of operations.
        per_second: Tokens that a bucket gets per real second.
        burst: The most tokens of a bucket; None for those of one second.
    """

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
    """The typed values of a body, without the fields that it leaves out.

    Args:
        kind: The model of the body.
        body: The JSON object as received.

    Raises:
        ValueError: Fields are wrong; its text names each of them.
    """
    try:
        return kind.model_validate(body).model_dump(exclude_unset=True)
    except ValidationError as error:
        errors = (f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in error.errors(include_url=False))
        raise ValueError("; ".join(errors)) from error
