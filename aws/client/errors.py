"""Errors of AWS calls; botocore's own exceptions end here."""


class AWSError(Exception):
    """Any failed call. The message is safe to show: it names the operation and carries AWS's own words.

    Attributes:
        operation: The AWS operation, such as `DescribeModel`.
        request_id: AWS's id of the request, where an answer came.
        role: The principal in whose name the call was made, such as a role ARN.
        aws_message: AWS's own words, without ours; empty where it said nothing that may be shown.
        code: AWS's own code, such as `ResourceInUse`; empty where no answer came.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str,
        request_id: str | None = None,
        role: str | None = None,
        aws_message: str = "",
        code: str = "",
    ) -> None:
        super().__init__(message)
        self.operation = operation
        self.request_id = request_id
        self.role = role
        self.aws_message = aws_message
        self.code = code


class AccessDeniedError(AWSError):
    """The role may not do this, on this resource or at all."""


class CredentialsRejectedError(AWSError):
    """The credentials have expired or were revoked; the call may work again once there are new ones."""


class NotFoundError(AWSError):
    """The thing is not there. SageMaker says so in two ways: `ResourceNotFound` and `ValidationException`."""


class InvalidRequestError(AWSError):
    """AWS found fault with the content of the request."""


class ThrottledError(AWSError):
    """AWS was asked too often, and still after our own retries."""


class UnavailableError(AWSError):
    """AWS could not be reached, did not answer in time, or answered with a fault of its own."""


# What the next request may well get an answer to: it is believed for one request and no longer.
TRANSIENT_ERRORS = (ThrottledError, UnavailableError, CredentialsRejectedError)


class LateError(AWSError):
    """The answer had not come when the asking request's time was up; it will be known to the next one."""
