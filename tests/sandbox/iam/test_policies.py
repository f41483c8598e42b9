"""What policies say together, and whom a role trusts."""

import json
from typing import Any

import pytest

from sandbox.iam.policies import PolicyDecision, TrustedPrincipal, evaluate, trusts

MODEL = "arn:aws:sagemaker:eu-west-1:222222222222:model/m"


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps(
        {"Version": "2012-10-17", "Statement": list(statements) if len(statements) > 1 else statements[0]}
    )


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"Effect": "Allow", "Action": "*", "Resource": "*"}, PolicyDecision.ALLOWED),
        ({"Effect": "Allow", "Action": "SAGEMAKER:describe*", "Resource": MODEL}, PolicyDecision.ALLOWED),
        ({"Effect": "Allow", "Action": ["s3:*", "sagemaker:List*"], "Resource": "*"}, PolicyDecision.SILENT),
        ({"Effect": "Allow", "NotAction": "sagemaker:Delete*", "Resource": "*"}, PolicyDecision.ALLOWED),
        ({"Effect": "Allow", "NotAction": "sagemaker:*", "Resource": "*"}, PolicyDecision.SILENT),
        ({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:sagemaker:*"}, PolicyDecision.SILENT),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, PolicyDecision.DENIED),
        (
            {
                "Effect": "Allow",
                "Action": "*",
                "Resource": "*",
                "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
            },
            PolicyDecision.SILENT,
        ),
    ],
)
def test_one_statement(statement: dict[str, Any], expected: PolicyDecision) -> None:
    assert evaluate([_policy(statement)], "sagemaker:DescribeModel", MODEL, {}) is expected


def test_a_deny_anywhere_outweighs() -> None:
    allow = _policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
    deny = _policy(
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, {"Effect": "Deny", "Action": "*", "Resource": MODEL}
    )
    for order in ([allow, deny], [deny, allow]):
        assert evaluate(order, "sagemaker:DescribeModel", MODEL, {}) is PolicyDecision.DENIED
    assert evaluate([], "sagemaker:DescribeModel", MODEL, {}) is PolicyDecision.SILENT


@pytest.mark.parametrize(
    ("principal", "trusted"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": "111111111111"}, True),
        ({"AWS": "arn:aws:iam::111111111111:root"}, True),
        ({"AWS": ["arn:aws:iam::111111111111:user/other", "arn:aws:iam::111111111111:user/gateway"]}, True),
        ({"AWS": "arn:aws:iam::111111111111:user/other"}, False),
        ({"Service": "sagemaker.amazonaws.com"}, False),
    ],
)
def test_whom_a_role_trusts(principal: Any, trusted: bool) -> None:
    document = _policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})
    trusted_principal = TrustedPrincipal(("arn:aws:iam::111111111111:user/gateway",), "111111111111")
    assert trusts(document, "sts:AssumeRole", trusted_principal, {}) is trusted


def test_a_trust_policy_may_refuse() -> None:
    document = _policy(
        {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"},
        {"Effect": "Deny", "Principal": {"AWS": "111111111111"}, "Action": "sts:*"},
    )
    assert not trusts(document, "sts:AssumeRole", TrustedPrincipal(("a",), "111111111111"), {})
    assert trusts(document, "sts:AssumeRole", TrustedPrincipal(("a",), "222222222222"), {})
