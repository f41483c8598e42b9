"""The outcome of a request, read once at its end, for its line in the log and for the metrics."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import Scope

OK: Final = "OK"
"""The code of a request without an error."""

CANCELLED: Final = "CANCELLED"
"""The code, in metrics, of an operation whose client was gone before the answer."""

CLIENT_DISCONNECTED: Final = 499
"""The logged status of a request whose client was gone before the answer (nginx's number)."""

SEVERITY: Final = (
    "INTERNAL",
    "UPSTREAM_UNAVAILABLE",
    "THROTTLED",
    "TIMEOUT",
    "LIMIT_EXCEEDED",
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "BAD_USER_INPUT",
    "PERSISTED_QUERY_NOT_SUPPORTED",
    "NOT_FOUND",
)
_MAX_REQUEST_IDS: Final = 20
_NOTHING: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class RequestOutcome:
    """The outcome of a request.

    Attributes:
        codes: The number of errors by code.
        code: The gravest of the codes, or OK.
        group: The group whose role was asked for; None if AWS was not asked.
        role: The role that was used, or refused.
        region: The region; None if no scope was opened.
        aws_request_ids: AWS's ids of failed calls, the first twenty.
    """

    codes: Mapping[str, int]
    code: str
    group: str | None
    role: str | None
    region: str | None
    aws_request_ids: Sequence[str]


def outcome_of(scope: Scope) -> RequestOutcome:
    """Read the outcome that the endpoint and the error responses have left in the scope."""
    errors: Sequence[Mapping[str, Any]] = scope.get("answered", _NOTHING).get("errors", ())
    codes: Mapping[str, int] = Counter(error["extensions"]["code"] for error in errors) if errors else _NOTHING
    if not codes and (refused := scope.get("error_code")) is not None:
        codes = {refused: 1}
    request = scope.get("gateway_request")
    scope_used = next(iter(request.scopes), None) if request is not None else None
    return RequestOutcome(
        codes=codes,
        code=next((code for code in SEVERITY if code in codes), OK) if codes else OK,
        group=request.group if request is not None else None,
        role=scope_used.role if scope_used is not None else _refused_role(errors),
        region=scope_used.region if scope_used is not None else None,
        aws_request_ids=_request_ids(errors) if errors else (),
    )


def _refused_role(errors: Sequence[Mapping[str, Any]]) -> str | None:
    return next((role for error in errors if (role := error["extensions"].get("role")) is not None), None)


def _request_ids(errors: Sequence[Mapping[str, Any]]) -> list[str]:
    ids = (error["extensions"].get("awsRequestId") for error in errors)
    return list(dict.fromkeys(one for one in ids if one is not None))[:_MAX_REQUEST_IDS]
