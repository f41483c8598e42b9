"""aws.write.error_mapping: what AWS's words mean for a write, as the operations have them."""

import pytest

from aws.client.errors import AWSError, InvalidRequestError, NotFoundError
from aws.write.error_mapping import is_busy, is_missing, is_not_visible_yet, is_taken, map_write_error
from aws.write.errors import InvalidInputError, MissingTargetError, QuotaExceededError, WriteRejectedError
from aws.write.request import WriteRequest

CONFIG = 'Could not find endpoint configuration "arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config/c".'
ENDPOINT = 'Could not find endpoint "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/e".'
BUSY = 'Cannot update in-progress endpoint "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/e".'
STOPPED = "The request was rejected because the training job is in status Stopped."
TAKEN = [
    ("ValidationException", 'Cannot create already existing endpoint "arn".'),
    ("ValidationException", 'Cannot create already existing endpoint configuration "arn".'),
    ("ResourceInUse", "Training job names must be unique within an AWS account and region, …"),
    ("ResourceInUse", "Job name must be unique within an AWS account and region, …"),
]


def invalid(words: str, code: str = "ValidationException") -> InvalidRequestError:
    return InvalidRequestError(
        f"AWS finds fault: {words}", operation="CreateEndpoint", aws_message=words, aws_code=code
    )


@pytest.mark.parametrize(("code", "words"), TAKEN)
def test_a_name_that_is_taken(code: str, words: str) -> None:
    assert is_taken(invalid(words, code))
    assert not is_not_visible_yet(invalid(words, code))


def test_what_is_not_taken() -> None:
    assert not any(is_taken(invalid(words)) for words in (CONFIG, ENDPOINT, BUSY, STOPPED, ""))


def test_a_configuration_that_is_not_seen() -> None:
    assert is_not_visible_yet(invalid(CONFIG))
    assert not is_not_visible_yet(invalid(ENDPOINT))


@pytest.mark.parametrize(
    "words", [CONFIG, ENDPOINT, "Could not find job to update with name: x", "Requested resource not found."]
)
def test_what_is_missing(words: str) -> None:
    assert is_missing(invalid(words))
    assert not is_busy(invalid(words))


def test_what_is_missing_by_its_code() -> None:
    assert is_missing(NotFoundError("gone", operation="StopTransformJob"))


@pytest.mark.parametrize("words", [BUSY, STOPPED])
def test_what_is_busy(words: str) -> None:
    assert is_busy(invalid(words))
    assert not is_missing(invalid(words))


@pytest.mark.parametrize(
    ("error", "kind", "message", "field"),
    [
        (invalid(CONFIG), MissingTargetError, CONFIG, ("snapshotName",)),
        (invalid("Too many.", "ResourceLimitExceeded"), QuotaExceededError, "Too many.", ()),
        (invalid("Bad."), InvalidInputError, "Bad.", ()),
        (invalid(""), InvalidInputError, "SageMaker refuses CreateEndpoint (ValidationException).", ()),
        (
            NotFoundError("gone", operation="CreateTransformJob"),
            MissingTargetError,
            "SageMaker refuses CreateTransformJob (without a word).",
            (),
        ),
    ],
)
def test_a_refusal_is_told_as_the_inputs_fault(
    error: AWSError, kind: type[WriteRejectedError], message: str, field: tuple[str, ...]
) -> None:
    request = WriteRequest()
    request.put("EndpointConfigName", "c", "snapshotName")
    assert isinstance(error, InvalidRequestError | NotFoundError)
    refusal = map_write_error(error, request)
    assert type(refusal) is kind
    assert [(fault.message, fault.field) for fault in refusal.faults] == [(message, field)]
