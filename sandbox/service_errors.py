"""AWS error responses with the wording of the services, most of them SageMaker's."""


class ServiceError(Exception):
    """An error answer: its code, its message, and its HTTP status (SageMaker says 400 to nearly everything)."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def invalid(message: str) -> ServiceError:
    """A request that breaks a rule."""
    return ServiceError("ValidationException", message)


def could_not_find(noun: str, arn: str) -> ServiceError:
    """Models, endpoint configurations, endpoints: not there, said as a validation error."""
    return invalid(f'Could not find {noun} "{arn}".')


def already_existing(noun: str, arn: str) -> ServiceError:
    """Models, endpoint configurations, endpoints: the name is taken, said as a validation error."""
    return invalid(f'Cannot create already existing {noun} "{arn}".')


def not_found(message: str = "Requested resource not found.") -> ServiceError:
    """Jobs: not there."""
    return ServiceError("ResourceNotFound", message)


def in_use(message: str) -> ServiceError:
    """Jobs: the name is taken."""
    return ServiceError("ResourceInUse", message)


def conflict(message: str) -> ServiceError:
    """Pipelines, model packages and their groups: something else stands in the way."""
    return ServiceError("ConflictException", message)


def limit_exceeded(message: str) -> ServiceError:
    """A quota of the account is used up."""
    return ServiceError("ResourceLimitExceeded", message)


def not_in_sandbox(operation: str) -> ServiceError:
    """The loud refusal: nothing that is not modelled may look as if it had worked."""
    return ServiceError(
        "NotInSandbox",
        f"The sandbox does not model {operation}. Add it to sandbox/, with the documentation it follows, "
        "or do not call it.",
        501,
    )
