"""Check browser uploads to S3 against the policy in their form, which moto ignores."""

import base64
import json
import time
from datetime import UTC, datetime
from typing import Any

from sandbox import service_errors
from sandbox.requests import IncomingRequest

# Fields that a form may have without a condition in its policy.
_FREE = frozenset({"x-amz-signature", "file", "policy"})


def check(request: IncomingRequest) -> None:
    """Return if the form satisfies its policy, or if the request has no policy.

    Raises:
        ServiceError: S3's refusal.
    """
    if "policy" not in request.upload_form:
        return
    policy, until = _parsed(request.upload_form["policy"])
    if time.time() >= until.timestamp():
        raise _refused("Policy expired.")
    fields = {name: part.decode("utf-8", "replace") for name, part in request.parts.items() if name != "file"}
    fields["bucket"] = request.path.strip("/").partition("/")[0]
    named = {name for condition in policy["conditions"] for name in [_holds(condition, fields, request)] if name}
    extra = set(fields) - named - _FREE - {"bucket"}
    if extra:
        raise _refused(f"Extra input fields: {', '.join(sorted(extra))}")


def _parsed(text: str) -> tuple[dict[str, Any], datetime]:
    try:
        policy = json.loads(base64.b64decode(text))
        until = datetime.strptime(policy["expiration"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        return {"conditions": list(policy["conditions"])}, until
    except (ValueError, KeyError, TypeError):
        raise service_errors.ServiceError("InvalidPolicyDocument", "The policy of the form cannot be read.") from None


def _holds(condition: Any, fields: dict[str, str], request: IncomingRequest) -> str | None:
    """Return the name of the field that a condition names, after checking the condition; None for a range of sizes."""
    if isinstance(condition, dict) and len(condition) == 1:
        ((name, value),) = condition.items()
        condition = ["eq", f"${name}", value]
    if not isinstance(condition, list) or len(condition) != 3:
        raise service_errors.ServiceError("InvalidPolicyDocument", "A condition of the form's policy cannot be read.")
    how, item, value = condition
    if how == "content-length-range":
        _check_size(len(request.parts.get("file", b"")), item, value)
        return None
    field = item.removeprefix("$").lower()
    values = fields.get(field, "")
    if not (values == value if how == "eq" else values.startswith(value)):
        raise _refused(f"Policy Condition failed: {json.dumps(condition)}")
    return str(field)


def _check_size(size: int, low: int, high: int) -> None:
    if size > high:
        raise service_errors.ServiceError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
    if size < low:
        raise service_errors.ServiceError(
            "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"
        )


def _refused(why: str) -> service_errors.ServiceError:
    return service_errors.ServiceError("AccessDenied", f"Invalid according to Policy: {why}", 403)
