"""What an answer does not say of itself: through which scope it was read, and when."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from aws.kinds import API_NAMES, Kind
from aws.naming import split_arn
from aws.resources import Network

ApiResponse = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Provenance:
    """The scope's key, account and region, and the moment of the reading."""

    scope: str
    account_id: str
    region: str
    as_of: datetime


class CommonFields(TypedDict):
    """The fields that every resource has."""

    scope: str
    name: str
    arn: str
    account_id: str
    region: str
    creation_time: datetime | None
    as_of: datetime


def parse_common_fields(kind: Kind, row: ApiResponse, origin: Provenance) -> CommonFields:
    """The common fields of a listing's row or a description; account and region as the ARN has them."""
    spelling = API_NAMES[kind]
    arn = row[spelling.arn_key]
    _, region, account = split_arn(arn)
    return CommonFields(
        scope=origin.scope,
        name=row[spelling.name_key],
        arn=arn,
        account_id=sys.intern(account) or origin.account_id,
        region=sys.intern(region) or origin.region,
        creation_time=row.get("CreationTime"),
        as_of=origin.as_of,
    )


def parse_network(answer: ApiResponse) -> Network:
    """The network settings of a description that has `VpcConfig` and `EnableNetworkIsolation`."""
    vpc = answer.get("VpcConfig") or {}
    return Network(
        isolated=bool(answer.get("EnableNetworkIsolation")),
        subnets=tuple(vpc.get("Subnets", ())),
        security_group_ids=tuple(vpc.get("SecurityGroupIds", ())),
    )


def sorted_pairs(values: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    """A map of strings, sorted by key so that an answer reads the same twice."""
    return tuple(sorted((values or {}).items()))
