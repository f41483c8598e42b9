"""IAM counts: who may do what, and how a refusal is worded."""

import json
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError
from moto.iam.models import iam_backends

from sandbox.estate import Estate, Group
from sandbox.server import Sandbox
from tests.sandbox.conftest import Keys

Connect = Callable[..., Any]
SCORER = "arn:aws:sagemaker:eu-west-1:222222222222:model/credit-risk-scorer-v7"


@pytest.fixture
def guarded(sandbox: Sandbox, estate: Estate) -> Estate:
    sandbox.enforce()
    return estate


def _allow(group: Group, *statements: dict[str, Any]) -> None:
    """The group's role may do just this."""
    iam = iam_backends[group.account]["aws"]
    for name in list(iam.list_role_policies(group.name)):
        iam.delete_role_policy(group.name, name)
    iam.put_role_policy(group.name, "only", json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def _error(call: Callable[..., Any], **ask: Any) -> tuple[str, int, str]:
    with pytest.raises(ClientError) as caught:
        call(**ask)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


def test_the_estates_roles_do_their_work(guarded: Estate, connect: Connect, assume: Callable[..., Any]) -> None:
    for group in guarded.groups:
        keys = assume(guarded, group)
        sagemaker = connect("sagemaker", keys, group.region)
        assert len(sagemaker.list_models(MaxResults=100)["Models"]) > 7
        name = sagemaker.list_models()["Models"][0]["ModelName"]
        assert sagemaker.describe_model(ModelName=name)["ModelName"] == name
        listed = connect("s3", keys, group.region).list_objects_v2(Bucket=group.bucket)
        assert listed["KeyCount"] > 3


def test_a_role_sees_nothing_of_the_other_account(
    guarded: Estate, connect: Connect, assume: Callable[..., Any]
) -> None:
    risk = assume(guarded, guarded.risk)
    code, status, _ = _error(connect("s3", risk).get_object, Bucket=guarded.marketing.bucket, Key="x")
    assert (code, status) == ("AccessDenied", 403)
    assert connect("sagemaker", risk, "us-east-2").list_models()["Models"] == []


def test_a_statement_scoped_to_an_arn_allows_that_and_no_other(
    guarded: Estate, connect: Connect, assume: Callable[..., Any]
) -> None:
    _allow(guarded.risk, {"Effect": "Allow", "Action": "sagemaker:Describe*", "Resource": f"{SCORER[:-2]}*"})
    sagemaker = connect("sagemaker", assume(guarded, guarded.risk))
    assert sagemaker.describe_model(ModelName="credit-risk-scorer-v7")["ModelArn"] == SCORER
    assert _error(sagemaker.describe_model, ModelName="fraud-detection-v12") == (
        "AccessDeniedException",
        400,
        "User: arn:aws:sts::222222222222:assumed-role/risk/someone is not authorized to perform: "
        "sagemaker:DescribeModel on resource: arn:aws:sagemaker:eu-west-1:222222222222:model/fraud-detection-v12 "
        "because no identity-based policy allows the sagemaker:DescribeModel action",
    )
    assert _error(sagemaker.list_models)[0] == "AccessDeniedException"


def test_a_listing_needs_the_resource_star(guarded: Estate, connect: Connect, assume: Callable[..., Any]) -> None:
    _allow(guarded.risk, {"Effect": "Allow", "Action": "sagemaker:*", "Resource": "arn:aws:sagemaker:*:*:*"})
    sagemaker = connect("sagemaker", assume(guarded, guarded.risk))
    assert _error(sagemaker.list_models)[2].endswith(
        "is not authorized to perform: sagemaker:ListModels because no identity-based policy allows the "
        "sagemaker:ListModels action"
    )


def test_a_deny_outweighs_an_allow(guarded: Estate, connect: Connect, assume: Callable[..., Any]) -> None:
    _allow(
        guarded.risk,
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "sagemaker:DescribeModel", "Resource": SCORER},
    )
    sagemaker = connect("sagemaker", assume(guarded, guarded.risk))
    assert _error(sagemaker.describe_model, ModelName="credit-risk-scorer-v7")[2].endswith(
        f"on resource: {SCORER} with an explicit deny in an identity-based policy"
    )
    assert sagemaker.describe_model(ModelName="fraud-detection-v12")["ModelName"] == "fraud-detection-v12"


def test_tag_conditions_decide_by_the_resources_tags(
    guarded: Estate, connect: Connect, assume: Callable[..., Any]
) -> None:
    own = {"StringEquals": {"aws:ResourceTag/team": "payments-fraud"}}
    _allow(guarded.risk, {"Effect": "Allow", "Action": "sagemaker:*", "Resource": "*", "Condition": own})
    sagemaker = connect("sagemaker", assume(guarded, guarded.risk))
    assert sagemaker.describe_model(ModelName="fraud-detection-v12")["ModelName"] == "fraud-detection-v12"
    assert _error(sagemaker.describe_model, ModelName="credit-risk-scorer-v7")[0] == "AccessDeniedException"
    # What is gone has no tags any more: the answer is a refusal, not "could not find".
    assert _error(sagemaker.describe_model, ModelName="never-was")[0] == "AccessDeniedException"


def test_creating_needs_the_tags_and_the_role_too(
    sandbox: Sandbox, guarded: Estate, connect: Connect, assume: Callable[..., Any]
) -> None:
    _allow(guarded.risk, {"Effect": "Allow", "Action": "sagemaker:CreateModel", "Resource": "*"})
    sagemaker = connect("sagemaker", assume(guarded, guarded.risk))
    role = guarded.risk.execution_role_arn
    ask = {"ModelName": "new", "ExecutionRoleArn": role, "PrimaryContainer": {"Image": "repository/image:1"}}
    assert f"iam:PassRole on resource: {role}" in _error(sagemaker.create_model, **ask)[2]
    tagged = _error(sagemaker.create_model, **ask, Tags=[{"Key": "a", "Value": "b"}])
    assert "sagemaker:AddTags on resource: arn:aws:sagemaker:eu-west-1:222222222222:model/new" in tagged[2]
    assert sandbox.sagemaker.account_region("222222222222", "eu-west-1").collections["model"].get("new") is None


def test_an_endpoint_is_made_on_its_configuration_too(
    guarded: Estate, connect: Connect, assume: Callable[..., Any]
) -> None:
    _allow(guarded.risk, {"Effect": "Allow", "Action": "sagemaker:*", "Resource": "arn:aws:sagemaker:*:*:endpoint/*"})
    sagemaker = connect("sagemaker", assume(guarded, guarded.risk))
    refused = _error(sagemaker.create_endpoint, EndpointName="new", EndpointConfigName="credit-risk-scorer-v7")
    assert "on resource: arn:aws:sagemaker:eu-west-1:222222222222:endpoint-config/credit-risk-scorer-v7" in refused[2]


@pytest.mark.parametrize(
    ("service", "call", "expected"),
    [
        ("sagemaker", "list_models", ("UnrecognizedClientException", 400)),
        ("sts", "assume_role", ("InvalidClientTokenId", 403)),
        ("s3", "list_buckets", ("InvalidAccessKeyId", 403)),
    ],
)
def test_a_key_that_nobody_has_is_refused(
    guarded: Estate, connect: Connect, service: str, call: str, expected: tuple[str, int]
) -> None:
    ask = {"RoleArn": guarded.risk.role_arn, "RoleSessionName": "someone"} if call == "assume_role" else {}
    assert _error(getattr(connect(service), call), **ask)[:2] == expected


@pytest.mark.parametrize(
    ("service", "call", "expected"),
    [
        ("sagemaker", "list_models", ("InvalidSignatureException", 400)),
        ("sts", "get_caller_identity", ("SignatureDoesNotMatch", 403)),
        ("s3", "list_buckets", ("SignatureDoesNotMatch", 403)),
    ],
)
def test_a_wrong_secret_is_refused(
    guarded: Estate,
    connect: Connect,
    assume: Callable[..., Any],
    service: str,
    call: str,
    expected: tuple[str, int],
) -> None:
    keys = replace(assume(guarded, guarded.risk), secret="another")
    assert _error(getattr(connect(service, keys), call))[:2] == expected


def test_a_wrong_session_token_is_refused(guarded: Estate, connect: Connect, assume: Callable[..., Any]) -> None:
    keys = replace(assume(guarded, guarded.risk), token="another")
    assert _error(connect("sagemaker", keys).list_models)[0] == "UnrecognizedClientException"


def test_a_session_ends_by_the_sandboxs_clock(
    sandbox: Sandbox, guarded: Estate, connect: Connect, assume: Callable[..., Any]
) -> None:
    keys = assume(guarded, guarded.risk)
    sagemaker, s3 = connect("sagemaker", keys), connect("s3", keys)
    assert sagemaker.list_models()["Models"]
    sandbox.advance(3600)
    assert _error(sagemaker.list_models) == (
        "ExpiredTokenException",
        400,
        "The security token included in the request is expired",
    )
    assert _error(s3.list_objects_v2, Bucket=guarded.risk.bucket)[:2] == ("ExpiredToken", 400)


def test_a_copy_reads_one_key_and_writes_another(
    sandbox: Sandbox, guarded: Estate, connect: Connect, assume: Callable[..., Any]
) -> None:
    """As IAM has it: there is no action of its own for it."""
    bucket = guarded.risk.bucket
    sandbox.objects.write(f"s3://{bucket}/in/one.csv", b"1,2\n")
    reads = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/in/*"}
    writes = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/out/*"}
    copy = {"Bucket": bucket, "Key": "out/one.csv", "CopySource": {"Bucket": bucket, "Key": "in/one.csv"}}
    s3 = connect("s3", assume(guarded, guarded.risk))
    for statement in (reads, writes):
        _allow(guarded.risk, statement)
        assert _error(s3.copy_object, **copy)[:2] == ("AccessDenied", 403)
    assert sandbox.objects.read(f"s3://{bucket}/out/one.csv") is None
    _allow(guarded.risk, reads, writes)
    s3.copy_object(**copy)
    assert sandbox.objects.read(f"s3://{bucket}/out/one.csv") == b"1,2\n"


def test_presigned_links_and_forms_work_and_cannot_be_bent(
    guarded: Estate, connect: Connect, assume: Callable[..., Any]
) -> None:
    s3, bucket = connect("s3", assume(guarded, guarded.risk)), guarded.risk.bucket
    form = s3.generate_presigned_post(bucket, "uploads/one.csv")
    assert httpx.post(form["url"], data=form["fields"], files={"file": b"1,2\n"}).status_code == 204
    bent = form["fields"] | {"x-amz-signature": "0" * 64}
    assert httpx.post(form["url"], data=bent, files={"file": b"1,2\n"}).status_code == 403
    link = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "uploads/one.csv"})
    with urllib.request.urlopen(link) as answer:
        assert answer.read() == b"1,2\n"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(link.replace("one.csv", "two.csv"))
    caught.value.close()
    assert caught.value.code == 403


def test_motos_own_switch_lets_iam_count(sandbox: Sandbox, connect: Connect) -> None:
    assert connect("sagemaker").list_models()["Models"] == []
    assert httpx.post(f"{sandbox.url}/moto-api/reset-auth", content=b"0").json()["status"] == "ok"
    assert sandbox.is_enforcing
    assert _error(connect("sagemaker").list_models)[0] == "UnrecognizedClientException"


def test_who_may_search_sees_what_describing_would_refuse(
    guarded: Estate, connect: Connect, assume: Callable[..., Any]
) -> None:
    _allow(guarded.risk, {"Effect": "Allow", "Action": "sagemaker:Search", "Resource": "*"})
    sagemaker = connect("sagemaker", assume(guarded, guarded.risk))
    assert _error(sagemaker.describe_model, ModelName="credit-risk-scorer-v7")[0] == "AccessDeniedException"
    match = sagemaker.search(Resource="Model", MaxResults=100)["Results"]
    assert "credit-risk-scorer-v7" in [row["Model"]["Model"]["ModelName"] for row in match]


def test_an_older_session_can_be_revoked(guarded: Estate, connect: Connect, assume: Callable[..., Any]) -> None:
    keys = assume(guarded, guarded.risk)
    before = {"DateLessThan": {"aws:TokenIssueTime": "2999-01-01T00:00:00Z"}}
    _allow(
        guarded.risk,
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": before},
    )
    assert _error(connect("sagemaker", keys).list_models)[2].endswith("explicit deny in an identity-based policy")


def test_a_key_that_was_switched_off_is_refused(guarded: Estate, connect: Connect) -> None:
    iam_backends[guarded.account]["aws"].update_access_key(guarded.user, guarded.access_key_id, "Inactive")
    sts = connect("sts", Keys(guarded.access_key_id, guarded.secret_access_key))
    assert _error(sts.get_caller_identity)[0] == "InvalidClientTokenId"
