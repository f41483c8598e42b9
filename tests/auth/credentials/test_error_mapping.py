"""What goes wrong at STS, in the gateway's own errors."""

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from auth.credentials.error_mapping import StsAttempt, from_client_error, from_connection_error, from_unsendable_request
from auth.errors import CredentialsError, CredentialsExpiredError, CredentialsUnavailableError, RoleRefusedError

ROLE = "arn:aws:iam::222222222222:role/risk"
ATTEMPT = StsAttempt(operation="AssumeRole", credentials_name=f"the role {ROLE}", role=ROLE)


def answered(code: str, status: int = 400) -> CredentialsError:
    metadata = {"HTTPStatusCode": status, "RequestId": "r-1"}
    response = {"Error": {"Code": code, "Message": "x-amz-security-token:hush"}, "ResponseMetadata": metadata}
    return from_client_error(ClientError(response, "AssumeRole"), ATTEMPT)


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("AccessDenied", 403, RoleRefusedError),
        ("AccessDeniedException", 400, RoleRefusedError),
        ("ValidationError", 400, RoleRefusedError),
        ("RegionDisabledException", 403, RoleRefusedError),
        ("ExpiredToken", 403, CredentialsExpiredError),
        ("ExpiredTokenException", 400, CredentialsExpiredError),
        ("InvalidClientTokenId", 403, CredentialsExpiredError),
        ("UnrecognizedClientException", 400, CredentialsExpiredError),
        ("InvalidIdentityToken", 400, CredentialsExpiredError),
        ("SignatureDoesNotMatch", 403, CredentialsExpiredError),
        ("Throttling", 400, CredentialsUnavailableError),
        ("IDPCommunicationError", 400, CredentialsUnavailableError),
        ("Unknown", 429, CredentialsUnavailableError),
        ("Whatever", 500, CredentialsUnavailableError),
        ("503", 503, CredentialsUnavailableError),
    ],
)
def test_each_code_has_its_kind(code: str, status: int, kind: type[CredentialsError]) -> None:
    fault = answered(code, status)
    assert type(fault) is kind
    assert (fault.role, fault.operation, fault.request_id) == (ROLE, "AssumeRole", "r-1")
    assert ROLE in str(fault)
    assert code in str(fault)
    assert "hush" not in str(fault)


def test_an_answer_without_anything_in_it() -> None:
    fault = from_client_error(ClientError({}, "AssumeRole"), ATTEMPT)
    assert type(fault) is RoleRefusedError
    assert fault.request_id is None


def test_remedies() -> None:
    assert "trust policy, its external id" in str(answered("AccessDenied"))
    assert "supply new ones" in str(answered("ExpiredToken"))
    assert "try again later" in str(answered("Throttling"))
    assert "check the entry" in str(answered("ValidationError"))


def test_connections_and_settings() -> None:
    unreached = from_connection_error(TimeoutError("hush"), ATTEMPT)
    assert (
        str(unreached)
        == f"STS could not be reached for AssumeRole for the role {ROLE} (TimeoutError); try again later."
    )
    assert (unreached.role, unreached.operation, unreached.request_id) == (ROLE, "AssumeRole", None)
    unsent = from_unsendable_request(ParamValidationError(report="hush"), ATTEMPT)
    assert str(unsent) == (f"AssumeRole for the role {ROLE} was not sent (ParamValidationError); check its settings.")
