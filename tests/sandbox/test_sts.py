"""Sessions: who gets them, for how long."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.estate import Estate
from sandbox.estate.access import ISSUER, SERVICE_ACCOUNT
from sandbox.server import Sandbox
from tests.sandbox.conftest import Keys

Connect = Callable[..., Any]


@pytest.fixture
def guarded(sandbox: Sandbox, estate: Estate) -> Estate:
    sandbox.enforce()
    return estate


@pytest.fixture
def base(guarded: Estate, connect: Connect) -> Any:
    return connect("sts", Keys(guarded.access_key_id, guarded.secret_access_key))


def _error(call: Callable[..., Any], **ask: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**ask)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


def test_the_external_id_must_be_sent_where_the_role_asks_for_it(guarded: Estate, base: Any) -> None:
    ask = {"RoleArn": guarded.risk.role_arn, "RoleSessionName": "someone"}
    refused = (
        "AccessDenied",
        "User: arn:aws:iam::111111111111:user/sagegraph-gateway is not authorized to perform: sts:AssumeRole on "
        "resource: arn:aws:iam::222222222222:role/risk",
    )
    assert _error(base.assume_role, **ask) == refused
    assert _error(base.assume_role, **ask, ExternalId="another") == refused
    answer = base.assume_role(**ask, ExternalId=guarded.risk.external_id)
    assert answer["AssumedRoleUser"]["Arn"] == "arn:aws:sts::222222222222:assumed-role/risk/someone"


def test_a_role_that_is_not_there_is_refused_like_one_that_does_not_trust(guarded: Estate, base: Any) -> None:
    arn = "arn:aws:iam::222222222222:role/nobody"
    code, message = _error(base.assume_role, RoleArn=arn, RoleSessionName="someone")
    assert code == "AccessDenied"
    assert "sts:AssumeRole on resource: arn:aws:iam::222222222222:role/nobody" in message


def test_a_session_lasts_as_long_as_asked_and_no_longer_than_the_role_allows(
    sandbox: Sandbox, guarded: Estate, base: Any
) -> None:
    ask = {"RoleArn": guarded.marketing.role_arn, "RoleSessionName": "someone"}
    answer = base.assume_role(**ask, DurationSeconds=900)
    assert abs(answer["Credentials"]["Expiration"].timestamp() - sandbox.clock.now() - 900) < 5
    assert _error(base.assume_role, **ask, DurationSeconds=7200) == (
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    )


def test_a_session_policy_narrows_what_the_role_may(guarded: Estate, base: Any, connect: Connect) -> None:
    only_lists = (
        '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sagemaker:List*", "Resource": "*"}}'
    )
    found = base.assume_role(RoleArn=guarded.marketing.role_arn, RoleSessionName="someone", Policy=only_lists)
    keys = found["Credentials"]
    client = connect("sagemaker", Keys(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]), "us-east-2")
    assert client.list_models()["Models"]
    assert _error(client.describe_model, ModelName="churn-predictor-v4")[0] == "AccessDeniedException"


def test_a_web_identity_gets_the_role_that_trusts_it(sandbox: Sandbox, guarded: Estate, connect: Connect) -> None:
    sts = connect("sts")
    ask = {"RoleArn": guarded.gateway_role_arn, "RoleSessionName": "gateway"}
    token = sandbox.web_identity_token(ISSUER, SERVICE_ACCOUNT, 600)
    found = sts.assume_role_with_web_identity(**ask, WebIdentityToken=token)
    assert found["AssumedRoleUser"]["Arn"] == "arn:aws:sts::111111111111:assumed-role/gateway/gateway"
    other = sandbox.web_identity_token(ISSUER, "system:serviceaccount:default:default")
    assert _error(sts.assume_role_with_web_identity, **ask, WebIdentityToken=other) == (
        "AccessDenied",
        "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    )
    assert _error(sts.assume_role_with_web_identity, **ask, WebIdentityToken=token[:-4] + "AAAA")[0] == (
        "InvalidIdentityToken"
    )
    sandbox.advance(600)
    code, message = _error(sts.assume_role_with_web_identity, **ask, WebIdentityToken=token)
    assert code == "ExpiredTokenException"
    assert message.startswith("Token expired: current date/time ")


def test_a_chained_session_lasts_an_hour_at_most(sandbox: Sandbox, guarded: Estate, connect: Connect) -> None:
    token = sandbox.web_identity_token(ISSUER, SERVICE_ACCOUNT)
    ask = {"RoleArn": guarded.gateway_role_arn, "RoleSessionName": "gateway"}
    keys = connect("sts").assume_role_with_web_identity(**ask, WebIdentityToken=token)["Credentials"]
    chained = connect("sts", Keys(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]))
    wish = {"RoleArn": guarded.risk.role_arn, "RoleSessionName": "someone", "ExternalId": guarded.risk.external_id}
    assert chained.assume_role(**wish)["AssumedRoleUser"]["Arn"].endswith("assumed-role/risk/someone")
    assert chained.get_caller_identity()["Arn"] == "arn:aws:sts::111111111111:assumed-role/gateway/gateway"


def test_sessions_names_are_checked(base: Any, guarded: Estate) -> None:
    code, message = _error(base.assume_role, RoleArn=guarded.risk.role_arn, RoleSessionName="not legal/name")
    assert code == "ValidationError"
    assert "at 'roleSessionName' failed to satisfy constraint" in message


def test_what_is_no_role_and_what_is_not_modelled_is_refused(connect: Connect) -> None:
    ask = {"RoleArn": "arn:aws:iam::2:role/none-such", "RoleSessionName": "someone"}
    assert _error(connect("sts").assume_role, **ask) == ("ValidationError", "arn:aws:iam::2:role/none-such is invalid")
    assert _error(connect("sts").get_session_token)[0] == "NotInSandbox"
