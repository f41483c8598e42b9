"""Errors of AWS calls; botocore's exceptions do not leave this folder."""

from typing import ClassVar


class AWSError(Exception):
    """A failed call. The message is safe to show: it names the operation and repeats AWS's message.

    Attributes:
        operation: The AWS operation, such as `DescribeModel`.
        request_id: AWS's id of the call; None if AWS did not answer.
        role: The principal that made the call, such as a role ARN; None if it is not known.
        aws_message: AWS's message alone; empty if there is none that may be shown.
        aws_code: AWS's error code, such as `ResourceInUse`; empty if AWS did not answer.
        code: The contract's error code.
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
    """The resource does not exist. SageMaker has two codes for it: `ResourceNotFound` and `ValidationException`."""

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


# Failures that may have passed at the next request, so they are kept for one request only.
TRANSIENT_ERRORS = (ThrottledError, UnavailableError, CredentialsRejectedError)


class LateError(AWSError):
    """AWS had not answered at the request's deadline; the next request may find the answer."""

    code = "TIMEOUT"
