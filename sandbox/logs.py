"""CloudWatch Logs without logs: tools that follow a job ask for its streams and take an empty answer."""

from typing import Any

from sandbox import service_errors

_ANSWERS: dict[str, dict[str, Any]] = {
    "DescribeLogStreams": {"logStreams": []},
    "DescribeLogGroups": {"logGroups": []},
    "GetLogEvents": {"events": [], "nextForwardToken": "f/0", "nextBackwardToken": "b/0"},
    "FilterLogEvents": {"events": [], "searchedLogStreams": []},
}


def answer(operation: str) -> dict[str, Any]:
    """The empty answer of an operation.

    Raises:
        ServiceError: The operation is not modelled.
    """
    if operation not in _ANSWERS:
        raise service_errors.not_in_sandbox(f"logs {operation}")
    return _ANSWERS[operation]
