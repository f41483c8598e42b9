"""gateway.blocks.values: the patterns of the settings, and how a value that is refused is spoken of."""

from typing import Any

import pytest
from pydantic import SecretStr, TypeAdapter

from gateway.blocks import values
from gateway.blocks.faults import InvalidValueError
from gateway.blocks.values import ValueType


def check(kind: Any, written: object) -> object:
    """What a kind of value makes of what is written."""
    takes = next(known for known in kind.__metadata__ if isinstance(known, ValueType))
    return takes.validate(written)


RIGHT = {
    "Region": ["us-east-2", "us-gov-west-1", "cn-northwest-1", "us-isob-east-1", "eusc-de-east-1", "ap-southeast-11"],
    "RoleArn": [
        "arn:aws:iam::111111111111:role/gateway",
        "arn:aws-cn:iam::000000000001:role/a/b/risk+1=,.@-_",
        "arn:aws-us-gov:iam::111111111111:role/aws-reserved/sso.amazonaws.com/x",
    ],
    "LoadBalancerArn": ["arn:aws:elasticloadbalancing:us-east-2:111111111111:loadbalancer/app/gateway/50dc6c49"],
    "InstanceType": ["ml.m5.large", "ml.p4d.24xlarge", "ml.inf2.48xlarge", "ml.c6gn.medium"],
    "Bucket": ["abc", "example-model.assets"],
    "S3Uri": ["s3://bucket", "s3://bucket/", "s3://bucket/a/b c/"],
    "Group": ["risk", "*risk", "CN=risk,OU=groups", "no"],
    "GroupOrEveryone": ["risk", "*"],
    "Separator": [",", "|", " ", "; "],
}
WRONG = {
    "Region": ["us-east", "useast2", "US-EAST-2", "us-east-2a", "us-east-2\n", "us_east_2"],
    "RoleArn": [
        "arn:aws:iam::11111111111:role/gateway",
        "arn:aws:iam::1111111111111:role/gateway",
        "arn:aws-xx:iam::111111111111:role/gateway",
        "arn:aws:iam::111111111111:user/gateway",
        "arn:aws:iam::111111111111:role/",
        "arn:aws:iam::111111111111:role/a b",
        "arn:aws:iam:us-east-2:111111111111:role/gateway",
        f"arn:aws:iam::111111111111:role/{'a' * 65}",
        "arn:aws:sts::111111111111:assumed-role/gateway/x",
    ],
    "LoadBalancerArn": ["arn:aws:elasticloadbalancing:us-east-2:111111111111:loadbalancer/net/gateway/50dc6c49"],
    "InstanceType": ["m5.large", "ml.m5", "ml.m5.*", "ml.M5.large"],
    "Bucket": ["ab", "s3://bucket", "Bucket", "bucket/"],
    "S3Uri": ["bucket/a", "s3:/bucket", "s3://", "https://bucket.s3.amazonaws.com/", "s3://Bucket/"],
    "Group": ["*", "", " risk"],
    "GroupOrEveryone": ["", "* "],
    "Separator": ["", "\n"],
}


@pytest.mark.parametrize(("kind", "written"), [(kind, written) for kind, all_ in RIGHT.items() for written in all_])
def test_what_is_taken(kind: str, written: str) -> None:
    assert check(getattr(values, kind), written) == written


@pytest.mark.parametrize(("kind", "written"), [(kind, written) for kind, all_ in WRONG.items() for written in all_])
def test_what_is_not_taken(kind: str, written: str) -> None:
    with pytest.raises(InvalidValueError):
        check(getattr(values, kind), written)


@pytest.mark.parametrize(
    "written",
    [
        "sqlite+aiosqlite:///var/sagegraph.db",
        "sqlite+aiosqlite:////var/lib/sagegraph.db",
        "sqlite+aiosqlite:///:memory:",
        "postgresql+psycopg://user:geheim@host:5432/name?sslmode=require",
        "postgresql+psycopg:///name",
    ],
)
def test_databases_that_are_taken(written: str) -> None:
    assert check(values.DatabaseUrl, written) == SecretStr(written)


@pytest.mark.parametrize(
    "written",
    [
        "sqlite:///x.db",
        "sqlite+aiosqlite://x.db",
        "sqlite+aiosqlite:///",
        "postgresql://u:geheim@h/n",
        "mysql://h/n",
        "postgresql+psycopg://",
    ],
)
def test_databases_that_are_not_taken(written: str) -> None:
    with pytest.raises(InvalidValueError, match=r"cannot be this; give it sqlite\+aiosqlite:///FILE or") as caught:
        check(values.DatabaseUrl, written)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("written", ["ab", "a" * 1224, "+=,.@:/-_"])
def test_external_ids_that_are_taken(written: str) -> None:
    assert check(values.ExternalId, written) == SecretStr(written)


@pytest.mark.parametrize("written", ["a", "a b", "a" * 1225])
def test_external_ids_that_are_not_taken(written: str) -> None:
    with pytest.raises(InvalidValueError):
        check(values.ExternalId, written)


@pytest.mark.parametrize("written", [None, ""])
def test_an_empty_value_is_called_so(written: str | None) -> None:
    with pytest.raises(InvalidValueError) as caught:
        check(values.Secret, written)
    assert str(caught.value) == "is empty; give it the secret, best as ${VARIABLE}"


def test_what_a_library_says_of_a_value_goes_no_further() -> None:
    with pytest.raises(InvalidValueError) as caught:
        check(values.TrustedNetwork, "geheim")
    assert str(caught.value) == "cannot be this; give it a network such as 10.0.0.0/8, with no bit set after the prefix"
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_pydantic_asks_the_reader() -> None:
    assert TypeAdapter(values.Port).validate_python("8000") == 8000
