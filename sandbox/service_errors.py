"""AWS error responses with the wording of the services, most of them SageMaker's."""


class ServiceError(Exception):
    """An error answer of a service.

    Args:
        code: The error code, such as ``ValidationException``.
        message: The message.
        status: The HTTP status; SageMaker's is 400 for nearly every error.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def invalid(message: str) -> ServiceError:
    """A request that breaks a rule: ValidationException."""
    return ServiceError("ValidationException", message)


def could_not_find(noun: str, arn: str) -> ServiceError:
    """A missing model, endpoint configuration or endpoint, which SageMaker calls a validation error.

    Args:
        noun: The kind's `word`.
        arn: The ARN that it would have.
    """
    return invalid(f'Could not find {noun} "{arn}".')


def already_existing(noun: str, arn: str) -> ServiceError:
    """A taken name of a model, endpoint configuration or endpoint, which SageMaker calls a validation error.

    Args:
        noun: The kind's `word`.
        arn: The ARN of the existing one.
    """
    return invalid(f'Cannot create already existing {noun} "{arn}".')


def not_found(message: str = "Requested resource not found.") -> ServiceError:
    """A missing job, pipeline or monitoring schedule: ResourceNotFound."""
    return ServiceError("ResourceNotFound", message)


def in_use(message: str) -> ServiceError:
    """A taken name of a job or monitoring schedule, or one that still runs: ResourceInUse."""
    return ServiceError("ResourceInUse", message)


def conflict(message: str) -> ServiceError:
    """A conflict with another pipeline, model package or group: ConflictException."""
    return ServiceError("ConflictException", message)


def limit_exceeded(message: str) -> ServiceError:
    """A used-up quota of the account: ResourceLimitExceeded."""
    return ServiceError("ResourceLimitExceeded", message)


def not_in_sandbox(operation: str) -> ServiceError:
    """The loud refusal of an operation: nothing that is not modelled may look as if it had worked."""
    return ServiceError(
        "NotInSandbox",
        f"The sandbox does not model {operation}. Add it to sandbox/, with the documentation it follows, "
        "or do not call it.",
        501,
    )
