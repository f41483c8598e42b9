"""What an answer does not say of itself: through which scope it was read, and when."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from aws.kinds import SPELLING, Kind
from aws.naming import split_arn
from aws.resources import Network

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """The scope's key, account and region, and the moment of the reading."""

    scope: str
    account_id: str
    region: str
    as_of: datetime


class Common(TypedDict):
    """The fields that every resource has."""

    scope: str
    name: str
    arn: str
    account_id: str
    region: str
    creation_time: datetime | None
    as_of: datetime


def common(kind: Kind, row: Answer, origin: Origin) -> Common:
    """The common fields of a listing's row or a description; account and region as the ARN has them."""
    spelling = SPELLING[kind]
    arn = row[spelling.arn_key]
    _, region, account = split_arn(arn)
    return Common(
        scope=origin.scope,
        name=row[spelling.name_key],
        arn=arn,
        account_id=sys.intern(account) or origin.account_id,
        region=sys.intern(region) or origin.region,
        creation_time=row.get("CreationTime"),
        as_of=origin.as_of,
    )


def network(answer: Answer) -> Network:
    """The network settings of a description that has `VpcConfig` and `EnableNetworkIsolation`."""
    vpc = answer.get("VpcConfig") or {}
    return Network(
        isolated=bool(answer.get("EnableNetworkIsolation")),
        subnets=tuple(vpc.get("Subnets", ())),
        security_group_ids=tuple(vpc.get("SecurityGroupIds", ())),
    )


def pairs(values: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    """A map of strings, sorted by key so that an answer reads the same twice."""
    return tuple(sorted((values or {}).items()))
