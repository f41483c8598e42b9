"""Every spelling of a refusal, as answers carry them and over real HTTP."""

from typing import Any

import pytest

from aws.client.client import AwsClient
from aws.client.error_mapping import map_error
from aws.client.errors import (
    AccessDeniedError,
    AWSError,
    CredentialsRejectedError,
    InvalidRequestError,
    NotFoundError,
    ThrottledError,
    UnavailableError,
)
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ROLE, arn


def response(code: str, message: str = "", status: int = 400) -> dict[str, Any]:
    metadata = {"HTTPStatusCode": status, "RequestId": "request-1"}
    return {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}


SPELLINGS: list[tuple[str, str, int, type[AWSError]]] = [
    ("AccessDeniedException", "no", 400, AccessDeniedError),
    ("AccessDenied", "no", 403, AccessDeniedError),
    ("UnauthorizedOperation", "no", 403, AccessDeniedError),
    ("NotAuthorized", "no", 400, AccessDeniedError),
    ("403", "<html>Forbidden</html>", 403, AccessDeniedError),
    ("ExpiredToken", "old", 400, CredentialsRejectedError),
    ("ExpiredTokenException", "old", 400, CredentialsRejectedError),
    ("RequestExpired", "old", 400, CredentialsRejectedError),
    ("InvalidClientTokenId", "bad", 403, CredentialsRejectedError),
    ("UnrecognizedClientException", "bad", 400, CredentialsRejectedError),
    ("InvalidAccessKeyId", "bad", 403, CredentialsRejectedError),
    ("InvalidToken", "bad", 400, CredentialsRejectedError),
    ("SignatureDoesNotMatch", "bad", 403, CredentialsRejectedError),
    ("InvalidSignatureException", "bad", 400, CredentialsRejectedError),
    ("MissingAuthenticationToken", "bad", 403, CredentialsRejectedError),
    ("MissingAuthenticationTokenException", "bad", 400, CredentialsRejectedError),
    ("IncompleteSignature", "bad", 400, CredentialsRejectedError),
    ("Throttling", "slow", 400, ThrottledError),
    ("ThrottlingException", "Rate exceeded", 400, ThrottledError),
    ("ThrottledException", "slow", 400, ThrottledError),
    ("TooManyRequestsException", "slow", 429, ThrottledError),
    ("RequestLimitExceeded", "slow", 503, ThrottledError),
    ("RequestThrottled", "slow", 400, ThrottledError),
    ("RequestThrottledException", "slow", 400, ThrottledError),
    ("SlowDown", "slow", 503, ThrottledError),
    ("429", "", 429, ThrottledError),
    ("ResourceNotFound", "gone", 400, NotFoundError),
    ("ResourceNotFoundException", "gone", 400, NotFoundError),
    ("NoSuchKey", "gone", 404, NotFoundError),
    ("NoSuchBucket", "gone", 404, NotFoundError),
    ("404", "Not Found", 404, NotFoundError),
    ("PermanentRedirect", "another region", 301, InvalidRequestError),
    ("InvalidBucketName", "bad", 400, InvalidRequestError),
    ("ValidationException", 'Could not find model "arn".', 400, NotFoundError),
    ("ValidationException", "ModelPackage a does not exist.", 400, NotFoundError),
    ("ValidationException", "Requested resource not found.", 400, NotFoundError),
    ("ValidationException", "ModelPackage arn:aws:sagemaker:…:model-package/a/1 does not exist.", 400, NotFoundError),
    ("ValidationException", "The role arn:aws:iam::1:role/x does not exist", 400, InvalidRequestError),
    ("ValidationException", "KMS key not found", 400, InvalidRequestError),
    ("ValidationException", "1 validation error detected", 400, InvalidRequestError),
    ("ResourceLimitExceeded", "quota", 400, InvalidRequestError),
    ("ResourceInUse", "taken; the other is not found", 400, InvalidRequestError),
    ("InternalFailure", "oops", 500, UnavailableError),
    ("InternalError", "oops", 200, UnavailableError),
    ("ServiceUnavailable", "later", 503, UnavailableError),
    ("502", "<html>Bad Gateway</html>", 502, UnavailableError),
    ("SomethingNew", "what", 400, UnavailableError),
    ("", "", 0, UnavailableError),
]


@pytest.mark.parametrize(("code", "message", "status", "kind"), SPELLINGS)
def test_every_spelling_has_its_meaning(code: str, message: str, status: int, kind: type[AWSError]) -> None:
    error = map_error(response(code, message, status), "DescribeModel", ROLE)
    assert type(error) is kind
    assert (error.operation, error.request_id, error.role) == ("DescribeModel", "request-1", ROLE)
    # Of keys that are no good, AWS repeats what was signed, and with it the session's token.
    words = code if kind is CredentialsRejectedError else message or code
    assert str(error).endswith(f": {words}")


def test_only_what_asks_for_one_thing_can_find_it_gone() -> None:
    words = response("ValidationException", "Could not find the KMS key.")
    assert type(map_error(words, "ListModels", ROLE)) is InvalidRequestError
    assert type(map_error(words, "ListTags", ROLE)) is NotFoundError


def test_words_in_xml_are_unwrapped() -> None:
    page = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>No &amp; never.</Message></Error></ErrorResponse>"
    error = map_error(response("403", page, 403), "DescribeModel", ROLE)
    assert str(error) == f"AWS refuses DescribeModel to {ROLE}: No & never."


def test_the_message_names_operation_and_role_and_carries_awss_words() -> None:
    def said(code: str, role: str | None = ROLE) -> str:
        return str(map_error(response(code, "AWS's words."), "DescribeModel", role))

    assert said("AccessDeniedException") == f"AWS refuses DescribeModel to {ROLE}: AWS's words."
    assert said("AccessDeniedException", None) == "AWS refuses DescribeModel to the role: AWS's words."
    assert said("ResourceNotFound") == "AWS has nothing to answer DescribeModel with: AWS's words."
    assert said("ResourceInUse") == "AWS finds fault with DescribeModel: AWS's words."
    assert said("ServiceUnavailable") == "AWS could not do DescribeModel: AWS's words."


def test_an_answer_without_anything_is_still_an_error() -> None:
    error = map_error({}, "DescribeModel", None)
    assert type(error) is UnavailableError
    assert (error.request_id, error.role) == (None, None)


async def refusal(calls: AwsClient, operation: str, **ask: Any) -> AWSError:
    with pytest.raises(AWSError) as caught:
        await calls.call(operation, **ask)
    return caught.value


async def test_access_denied_in_json(sandbox: Sandbox, calls: AwsClient) -> None:
    sandbox.faults.refuse("DescribeModel")
    error = await refusal(calls, "DescribeModel", ModelName="scorer")
    assert type(error) is AccessDeniedError
    assert str(error) == (
        f"AWS refuses DescribeModel to {ROLE}: User: arn:aws:iam::123456789012:user/AKIATESTSOFAWS is not authorized "
        "to perform: "
        "sagemaker:DescribeModel on resource: scorer because no identity-based policy allows the "
        "sagemaker:DescribeModel action"
    )
    assert error.request_id is not None
    assert len(error.request_id) == 36
    assert sandbox.calls.count() == 1


async def test_access_denied_in_xml(sandbox: Sandbox, calls: AwsClient) -> None:
    sandbox.faults.refuse("DescribeModel", xml=True)
    error = await refusal(calls, "DescribeModel", ModelName="scorer")
    assert type(error) is AccessDeniedError
    assert error.request_id is not None
    assert sandbox.calls.count() == 1


@pytest.mark.parametrize(
    ("operation", "ask"),
    [
        ("DescribeModel", {"ModelName": "nothing"}),
        ("DescribeEndpointConfig", {"EndpointConfigName": "nothing"}),
        ("DescribeEndpoint", {"EndpointName": "nothing"}),
        ("DescribeTrainingJob", {"TrainingJobName": "nothing"}),
        ("DescribeTransformJob", {"TransformJobName": "nothing"}),
        ("DescribeModelPackage", {"ModelPackageName": "nothing"}),
        ("ListTags", {"ResourceArn": arn("model", "nothing")}),
    ],
)
async def test_what_is_not_there_however_it_is_said(
    sandbox: Sandbox, calls: AwsClient, operation: str, ask: dict[str, str]
) -> None:
    assert type(await refusal(calls, operation, **ask)) is NotFoundError
    assert sandbox.calls.by_operation() == {operation: 1}


async def test_a_name_that_breaks_the_pattern_is_at_fault_and_not_gone(sandbox: Sandbox, calls: AwsClient) -> None:
    error = await refusal(calls, "DescribeModel", ModelName="no/name")
    assert type(error) is InvalidRequestError
    assert sandbox.calls.by_operation() == {"DescribeModel": 1}


async def test_keys_that_aws_does_not_know(sandbox: Sandbox, calls: AwsClient) -> None:
    sandbox.enforce()
    assert type(await refusal(calls, "ListModels")) is CredentialsRejectedError
    assert sandbox.calls.count() == 2


def test_an_answer_to_head_that_says_nothing() -> None:
    """Keys that have expired are its usual reason."""
    assert type(map_error(response("400", "Bad Request"), "HeadObject", ROLE)) is CredentialsRejectedError
    assert type(map_error(response("403", "Forbidden", 403), "HeadObject", ROLE)) is AccessDeniedError


def test_awss_own_words_and_code_are_kept_apart() -> None:
    refusal = map_error(response("ResourceInUse", "Taken."), "CreateTrainingJob", ROLE)
    assert (refusal.aws_message, refusal.aws_code) == ("Taken.", "ResourceInUse")
    assert str(refusal) == "AWS finds fault with CreateTrainingJob: Taken."


def test_half_a_surrogate_pair_in_awss_words_is_mended() -> None:
    refusal = map_error(response("ValidationException", "No \ud83d."), "CreateModel", ROLE)
    assert (refusal.aws_message, str(refusal).endswith("No \ufffd.")) == ("No \ufffd.", True)
