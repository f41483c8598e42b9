"""Errors of AWS calls; botocore's own exceptions end here."""

from typing import ClassVar


class AWSError(Exception):
    """A failed call. The message is safe to show: it names the operation and carries AWS's own words.

    Attributes:
        code: The contract's code, which clients see.
        operation: The AWS operation, such as `DescribeModel`.
        request_id: AWS's id of the request, if an answer came.
        role: The principal in whose name the call was made, such as a role ARN.
        aws_message: AWS's own words, without ours; empty if it said nothing that may be shown.
        aws_code: AWS's own code, such as `ResourceInUse`; empty if no answer came.
    """

    code: ClassVar[str] = "INTERNAL"

    def __init__(
        self,
        message: str,
        *,
        operation: str,
        request_id: str | None = None,
        role: str | None = None,
        aws_message: str = "",
        aws_code: str = "",
    ) -> None:
        super().__init__(message)
        self.operation = operation
        self.request_id = request_id
        self.role = role
        self.aws_message = aws_message
        self.aws_code = aws_code


class AccessDeniedError(AWSError):
    """The role may not do this, on this resource or at all."""

    code = "FORBIDDEN"


class CredentialsRejectedError(AWSError):
    """The credentials have expired or were revoked; the call may work again once there are new ones."""

    code = "FORBIDDEN"


class NotFoundError(AWSError):
    """The resource is not there. SageMaker says so in two ways: `ResourceNotFound` and `ValidationException`."""

    code = "NOT_FOUND"


class InvalidRequestError(AWSError):
    """AWS found fault with the content of the request."""

    code = "BAD_USER_INPUT"


class ThrottledError(AWSError):
    """AWS still throttled the call after our own retries."""

    code = "THROTTLED"


class UnavailableError(AWSError):
    """AWS could not be reached, did not answer in time, or answered with a fault of its own."""

    code = "UPSTREAM_UNAVAILABLE"


# Failures that the next request may well not meet again: they are believed for one request and no longer.
TRANSIENT_ERRORS = (ThrottledError, UnavailableError, CredentialsRejectedError)


class LateError(AWSError):
    """The answer had not come when the request's time was up; the next request will know it."""

    code = "TIMEOUT"
