"""The estate's IAM: a user and a role that may assume two roles, and the permissions of those two."""

import json
from typing import Any

from moto.iam.models import IAMBackend, iam_backends

from sandbox.estate.groups import Estate, Group
from sandbox.iam import principals
from sandbox.sagemaker.objects import MotoObjects

ISSUER = "oidc.eks.us-east-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
"""Issuer of the web identity tokens of the gateway's pods."""
SERVICE_ACCOUNT = "system:serviceaccount:sagegraph:gateway"
"""The subject of those tokens."""


def grant(estate: Estate, objects: MotoObjects) -> None:
    """Make every user, key, role, policy and bucket of the estate.

    Args:
        estate: The accounts, names and keys.
        objects: Takes the empty buckets.
    """
    _gateway(estate)
    for group in estate.groups:
        _group(estate, group)
        objects.make_bucket(group.bucket, group.account, group.region)


def _gateway(estate: Estate) -> None:
    iam = _iam(estate.account)
    assume = {
        "Effect": "Allow",
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Resource": [g.role_arn for g in estate.groups],
    }
    principals.add_user(estate.account, estate.user, estate.access_key_id, estate.secret_access_key, assume)
    iam.create_open_id_connect_provider(f"https://{ISSUER}", ["0" * 40], ["sts.amazonaws.com"], [])
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{estate.account}:oidc-provider/{ISSUER}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": SERVICE_ACCOUNT}},
    }
    _role(iam, "gateway", trust, {"assume-group-roles": assume})


def _group(estate: Estate, group: Group) -> None:
    iam = _iam(group.account)
    trust: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {
            "AWS": [f"arn:aws:iam::{estate.account}:user/{estate.user}", estate.gateway_role_arn],
        },
        "Action": "sts:AssumeRole",
    }
    if group.external_id:
        trust["Condition"] = {"StringEquals": {"sts:ExternalId": group.external_id}}
    _role(iam, group.name, trust, {"sagemaker": _works_in(group), "storage": _stores_in(group), "rest": _watches()})
    service = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    _role(iam, "sagemaker-execution", service, {"storage": _stores_in(group)})


def _works_in(group: Group) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Action": "sagemaker:*",
        "Resource": f"arn:aws:sagemaker:{group.region}:{group.account}:*",
    }


def _stores_in(group: Group) -> dict[str, Any]:
    bucket = f"arn:aws:s3:::{group.bucket}"
    return {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
        "Resource": [bucket, f"{bucket}/*"],
    }


def _watches() -> list[dict[str, Any]]:
    return [
        {
            "Effect": "Allow",
            "Action": [
                "sagemaker:List*",
                "sagemaker:Search",
                "tag:GetResources",
                "cloudwatch:GetMetricData",
                "cloudwatch:DescribeAlarms",
                "application-autoscaling:DescribeScal*",
            ],
            "Resource": "*",
        },
        {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::*:role/sagemaker-execution"},
    ]


def _role(iam: IAMBackend, name: str, trust: dict[str, Any], policies: dict[str, Any]) -> None:
    iam.create_role(name, _policy(trust), "/", None, "", [], "3600")
    for policy_name, statements in policies.items():
        iam.put_role_policy(name, policy_name, _policy(statements))


def _policy(statements: Any) -> str:
    return json.dumps(
        {"Version": "2012-10-17", "Statement": statements if isinstance(statements, list) else [statements]}
    )


def _iam(account: str) -> IAMBackend:
    return iam_backends[account]["aws"]
