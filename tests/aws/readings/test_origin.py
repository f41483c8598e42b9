"""What an answer does not say of itself."""

from typing import Any

import pytest

from aws.kinds import API_NAMES, Kind
from aws.readings.origin import parse_common_fields, parse_network, sorted_pairs
from tests.aws.scene import ACCOUNT, NOON, REGION, arn, provenance
from tests.aws.shapes import answer


@pytest.mark.parametrize("kind", Kind)
def test_name_arn_and_time_are_the_rows_and_the_rest_the_origins(kind: Kind) -> None:
    spelling = API_NAMES[kind]
    row = {spelling.name_key: "Scorer-1", spelling.arn_key: arn(spelling.arn_type, "Scorer-1"), "CreationTime": NOON}
    assert parse_common_fields(kind, row, provenance()) == {
        "scope": "scope-1",
        "name": "Scorer-1",
        "arn": arn(spelling.arn_type, "scorer-1"),
        "account_id": ACCOUNT,
        "region": REGION,
        "creation_time": NOON,
        "as_of": NOON,
    }


def test_account_and_region_are_the_arns_where_it_has_them() -> None:
    shared = {"ModelName": "a", "ModelArn": "arn:aws:sagemaker:us-east-2:999999999999:model/a"}
    found = parse_common_fields(Kind.MODEL, shared, provenance())
    assert (found["account_id"], found["region"], found["creation_time"]) == ("999999999999", "us-east-2", None)
    odd = {"ModelName": "a", "ModelArn": "model/a"}
    found = parse_common_fields(Kind.MODEL, odd, provenance())
    assert (found["account_id"], found["region"]) == (ACCOUNT, REGION)


def test_network_settings() -> None:
    vpc = {"Subnets": ["subnet-2", "subnet-1"], "SecurityGroupIds": ["sg-1"]}
    basis: dict[str, Any] = {"ModelName": "a", "ModelArn": arn("model", "a"), "CreationTime": NOON}
    isolated = parse_network(answer("DescribeModel", **basis, VpcConfig=vpc, EnableNetworkIsolation=True))
    assert (isolated.isolated, isolated.subnets, isolated.security_group_ids) == (
        True,
        ("subnet-2", "subnet-1"),
        ("sg-1",),
    )
    open_to_all = parse_network(answer("DescribeModel", **basis))
    assert (open_to_all.isolated, open_to_all.subnets, open_to_all.security_group_ids) == (False, (), ())


def test_pairs_are_sorted_by_key() -> None:
    assert sorted_pairs({"b": "1", "a": "2", "C": "3"}) == (("C", "3"), ("a", "2"), ("b", "1"))
    assert sorted_pairs({}) == ()
    assert sorted_pairs(None) == ()
