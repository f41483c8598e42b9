"""Mapping of AWS errors of writes to rejections: name taken, target missing, quota, invalid input."""

import re

from aws.client.errors import AWSError, InvalidRequestError, NotFoundError
from aws.write.errors import InputFault, InvalidInputError, MissingTargetError, QuotaExceededError, WriteRejectedError
from aws.write.request import WriteRequest

# Models, endpoint configurations and endpoints: 'Cannot create already existing endpoint "arn:…"'; jobs: ResourceInUse,
# "… a training job with this name already exists (arn:…)".
_TAKEN = re.compile(r"already exist", re.IGNORECASE)
_MISSING = re.compile(r"could not find|does not exist|not found", re.IGNORECASE)
# CreateEndpoint and UpdateEndpoint may not see a new configuration yet.
_UNSEEN = re.compile(r"could not find endpoint configuration", re.IGNORECASE)
# An endpoint that is being created, updated or deleted: 'Cannot update in-progress endpoint "arn:…"'.
_BUSY = re.compile(r"in-progress|in status", re.IGNORECASE)
_QUOTA = "ResourceLimitExceeded"


def is_taken(error: AWSError) -> bool:
    """Tell whether `error` means that the name is taken."""
    return error.aws_code == "ResourceInUse" or _TAKEN.search(error.aws_message) is not None


def is_not_visible_yet(error: AWSError) -> bool:
    """Tell whether `error` means that an endpoint configuration does not exist, or is not visible yet."""
    return _UNSEEN.search(error.aws_message) is not None


def is_missing(error: AWSError) -> bool:
    """Tell whether `error` means that a named resource does not exist."""
    return isinstance(error, NotFoundError) or _MISSING.search(error.aws_message) is not None


def is_busy(error: AWSError) -> bool:
    """Tell whether `error` means that the resource is in a state that forbids the operation."""
    return _BUSY.search(error.aws_message) is not None


def map_write_error(error: InvalidRequestError | NotFoundError, request: WriteRequest) -> WriteRejectedError:
    """Give the rejection for AWS's error answer to a request, with AWS's message without possible secrets."""
    nameless = f"SageMaker refuses {error.operation} ({error.aws_code or 'without a word'})."
    words = request.redact(error.aws_message) or nameless
    fault = InputFault(words, request.field_quoted_in(error.aws_message))
    if error.aws_code == _QUOTA:
        return QuotaExceededError([fault])
    if isinstance(error, NotFoundError) or is_not_visible_yet(error) or _MISSING.match(error.aws_message):
        return MissingTargetError([fault])
    return InvalidInputError([fault])


def redacted(error: AWSError, request: WriteRequest) -> AWSError:
    """Give `error` with AWS's message without values of the request that may be secret."""
    return type(error)(
        request.redact(str(error)),
        operation=error.operation,
        request_id=error.request_id,
        role=error.role,
        aws_message=request.redact(error.aws_message),
        aws_code=error.aws_code,
    )
