"""The errors that AWS answers with, in its own words; most are SageMaker's."""


class AWSError(Exception):
    """An error answer: its code, its message, and its HTTP status (SageMaker says 400 to nearly everything)."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def invalid(message: str) -> AWSError:
    """What was asked breaks a rule."""
    return AWSError("ValidationException", message)


def could_not_find(what: str, arn: str) -> AWSError:
    """Models, endpoint configurations, endpoints: not there, said as a validation error."""
    return invalid(f'Could not find {what} "{arn}".')


def already_existing(what: str, arn: str) -> AWSError:
    """Models, endpoint configurations, endpoints: the name is taken, said as a validation error."""
    return invalid(f'Cannot create already existing {what} "{arn}".')


def not_found(message: str = "Requested resource not found.") -> AWSError:
    """Jobs: not there."""
    return AWSError("ResourceNotFound", message)


def in_use(message: str) -> AWSError:
    """Jobs: the name is taken."""
    return AWSError("ResourceInUse", message)


def limit_exceeded(message: str) -> AWSError:
    """A quota of the account is used up."""
    return AWSError("ResourceLimitExceeded", message)


def not_in_sandbox(operation: str) -> AWSError:
    """The loud refusal: nothing that is not modelled may look as if it had worked."""
    return AWSError(
        "NotInSandbox",
        f"The sandbox does not model {operation}. Add it to sandbox/, with the documentation it follows, "
        "or do not call it.",
        501,
    )
