"""The errors of aws."""

from aws.client.errors import AccessDeniedError, AWSError


def test_an_error_tells_operation_request_and_role() -> None:
    error = AccessDeniedError("No.", operation="DescribeModel", request_id="request-1", role="reader")
    assert isinstance(error, AWSError)
    assert (str(error), error.operation, error.request_id, error.role) == (
        "No.",
        "DescribeModel",
        "request-1",
        "reader",
    )


def test_what_is_not_known_is_none() -> None:
    error = AWSError("No.", operation="ListModels")
    assert (error.request_id, error.role) == (None, None)
