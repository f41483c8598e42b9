"""What the sandbox's own HTTP side may be asked, as types that check it."""

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

Number = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
Text = Annotated[str, Field(strict=True, min_length=1)]
Whole = Annotated[int, Field(strict=True, ge=1)]


class ControlRequest(BaseModel):
    """A body; what it does not know is refused."""

    model_config = ConfigDict(extra="forbid")


class ClockRequest(ControlRequest):
    """``POST /sandbox/clock``; what is given is done in this order."""

    set: AwareDatetime | None = None
    speed: Number | None = None
    advance: Number | None = None


class IamRequest(ControlRequest):
    """``POST /sandbox/iam``."""

    enforced: Annotated[bool, Field(strict=True)]


class TokenRequest(ControlRequest):
    """``POST /sandbox/tokens``."""

    issuer: Text
    subject: Text
    seconds: Number = 3600.0


class FaultRequest(ControlRequest):
    """Whom trouble meets and how often; enough for ``throttle``, ``drop`` and ``lose``."""

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
}


def validated(kind: type[ControlRequest], body: dict[str, Any]) -> dict[str, Any]:
    """What was asked, typed, without what was left out. Raises ValueError, which names every field that is wrong."""
    try:
        return kind.model_validate(body).model_dump(exclude_unset=True)
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_url=False))
        raise ValueError("; ".join(faults)) from error
