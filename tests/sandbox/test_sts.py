"""Sessions: who gets them, for how long."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError
from moto.iam.models import iam_backends

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
    result = base.assume_role(RoleArn=guarded.marketing.role_arn, RoleSessionName="someone", Policy=only_lists)
    keys = result["Credentials"]
    client = connect("sagemaker", Keys(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]), "us-east-2")
    assert client.list_models()["Models"]
    assert _error(client.describe_model, ModelName="churn-predictor-v4")[0] == "AccessDeniedException"


def test_a_web_identity_gets_the_role_that_trusts_it(sandbox: Sandbox, guarded: Estate, connect: Connect) -> None:
    sts = connect("sts")
    ask = {"RoleArn": guarded.gateway_role_arn, "RoleSessionName": "gateway"}
    token = sandbox.web_identity_token(ISSUER, SERVICE_ACCOUNT, 600)
    result = sts.assume_role_with_web_identity(**ask, WebIdentityToken=token)
    assert result["AssumedRoleUser"]["Arn"] == "arn:aws:sts::111111111111:assumed-role/gateway/gateway"
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
    options = {"RoleArn": guarded.risk.role_arn, "RoleSessionName": "someone", "ExternalId": guarded.risk.external_id}
    assert chained.assume_role(**options)["AssumedRoleUser"]["Arn"].endswith("assumed-role/risk/someone")
    assert chained.get_caller_identity()["Arn"] == "arn:aws:sts::111111111111:assumed-role/gateway/gateway"


def test_sessions_names_are_checked(base: Any, guarded: Estate) -> None:
    code, message = _error(base.assume_role, RoleArn=guarded.risk.role_arn, RoleSessionName="not legal/name")
    assert code == "ValidationError"
    assert "at 'roleSessionName' failed to satisfy constraint" in message


def test_what_is_no_role_and_what_is_not_modelled_is_refused(connect: Connect) -> None:
    ask = {"RoleArn": "arn:aws:iam::2:role/none-such", "RoleSessionName": "someone"}
    assert _error(connect("sts").assume_role, **ask) == ("ValidationError", "arn:aws:iam::2:role/none-such is invalid")
    assert _error(connect("sts").get_session_token)[0] == "NotInSandbox"


def test_policy_arns_narrow_a_session_too(guarded: Estate, base: Any, connect: Connect) -> None:
    document = (
        '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sagemaker:List*", "Resource": "*"}}'
    )
    made = iam_backends[guarded.marketing.account]["aws"].create_policy("", "/", document, "lists", [])
    options = {"RoleArn": guarded.marketing.role_arn, "RoleSessionName": "someone"}
    keys = base.assume_role(**options, PolicyArns=[{"arn": made.arn}])["Credentials"]
    client = connect("sagemaker", Keys(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]), "us-east-2")
    assert client.list_models()["Models"]
    assert _error(client.describe_model, ModelName="churn-predictor-v4")[0] == "AccessDeniedException"
    missing = [{"arn": "arn:aws:iam::222222222222:policy/none"}]
    assert _error(base.assume_role, **options, PolicyArns=missing)[0] == "ValidationError"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"Policy": "x" * 2049}, "ValidationError"),
        ({"Policy": '"text"'}, "MalformedPolicyDocument"),
        ({"Policy": '{"Statement": [{"Effect": "Maybe"}]}'}, "MalformedPolicyDocument"),
        ({"PolicyArns": [{"arn": f"arn:aws:iam::222222222222:policy/p{i}"} for i in range(11)]}, "ValidationError"),
        ({"Tags": [{"Key": f"k{i}", "Value": "v"} for i in range(51)]}, "ValidationError"),
        ({"Tags": [{"Key": "k", "Value": "v"}, {"Key": "K", "Value": "v"}]}, "InvalidParameterValue"),
        ({"Tags": [{"Key": "aws:k", "Value": "v"}]}, "InvalidParameterValue"),
        ({"Tags": [{"Key": "k" * 128, "Value": "v" * 256 + "v"}]}, "ValidationError"),
        ({"ExternalId": "no spaces"}, "ValidationError"),
    ],
    ids=["long", "no object", "effect", "arns", "tags", "twice", "reserved", "value", "external id"],
)
def test_limits_of_assume_role(sandbox: Sandbox, connect: Connect, more: dict[str, Any], code: str) -> None:
    options = {"RoleArn": "arn:aws:iam::222222222222:role/any", "RoleSessionName": "someone"}
    assert _error(connect("sts").assume_role, **options, **more)[0] == code


def test_a_duration_that_is_no_number_is_no_server_error(sandbox: Sandbox) -> None:
    form = {"Action": "AssumeRole", "RoleArn": "arn:aws:iam::222222222222:role/any", "RoleSessionName": "me"}
    signed = {"Authorization": "AWS4-HMAC-SHA256 Credential=AK/20260101/eu-west-1/sts/aws4_request, Signature=00"}
    answer = httpx.post(sandbox.url, data={**form, "DurationSeconds": "1e3"}, headers=signed)
    assert (answer.status_code, "MalformedInput" in answer.text) == (400, True)


def test_who_the_caller_is(guarded: Estate, base: Any, connect: Connect) -> None:
    """A user's id begins with AIDA, a role session's with AROA; both stay the same."""
    user = base.get_caller_identity()
    assert user["Arn"] == "arn:aws:iam::111111111111:user/sagegraph-gateway"
    assert re.fullmatch(r"AIDA[0-9A-Z]{17}", user["UserId"])
    ids = []
    for name in ("one", "two"):
        answer = base.assume_role(RoleArn=guarded.marketing.role_arn, RoleSessionName=name)
        keys = answer["Credentials"]
        session = connect("sts", Keys(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]))
        ids.append(session.get_caller_identity()["UserId"])
        assert ids[-1] == answer["AssumedRoleUser"]["AssumedRoleId"]
    assert re.fullmatch(r"AROA[0-9A-Z]{17}:one", ids[0])
    assert ids[1] == ids[0].replace(":one", ":two")


def test_keys_that_nobody_made_are_a_users(sandbox: Sandbox, connect: Connect) -> None:
    identity = connect("sts").get_caller_identity()
    assert identity["Arn"] == "arn:aws:iam::123456789012:user/AKIAANYKEYWILLDO0000"
    assert re.fullmatch(r"AIDA[0-9A-Z]{17}", identity["UserId"])
