"""Fields that all kinds share, the provenance of a response, and their parsers."""

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypedDict, TypeVar

from aws.console_urls import console_url, logs_url
from aws.ids import split_arn
from aws.kinds.kind import ApiNames, Kind
from aws.regions import partition_of


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of a resource."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Network:
    """The network of containers: isolated from all networks or not, and in which VPC."""

    isolated: bool
    subnets: tuple[str, ...]
    security_group_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaptureOptions:
    """The parts of requests that are kept (`Input`, `Output`, …; an endpoint tells none), and the key for them."""

    captures: tuple[str, ...] | None = None
    kms_key_id: str | None = None


@dataclass(frozen=True, slots=True)
class DataCapture:
    """Tell whether requests and responses are kept, which share of them in per cent, and where."""

    enabled: bool
    sampling_percentage: int | None
    s3_uri: str | None
    capture_options: CaptureOptions = CaptureOptions()


Detail = TypeVar("Detail", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Generic[Detail]):
    """The fields of every resource, known from one row of a listing.

    Attributes:
        scope: The key of the scope that has read it; nothing of it may be shown through another.
        as_of: When AWS was last asked about it.
        detail: The fields of its description, or None if it has not been described.
    """

    kind: ClassVar[Kind]
    api: ClassVar[ApiNames]

    scope: str
    name: str
    arn: str
    account_id: str
    region: str
    creation_time: datetime | None
    as_of: datetime
    detail: Detail | None = None

    @property
    def console_url(self) -> str | None:
        """The resource's page in the console of its own partition; None if that, or the kind, has none."""
        return console_url(self.api.console_path, self.arn, self.region, self.name)

    @property
    def logs_url(self) -> str | None:
        """Its logs in the CloudWatch console of its own partition; None where that has none, or the kind has no logs.

        A group that many resources share is shown filtered by the beginning of the names of a job's streams.
        """
        group = self.api.log_group
        if group is None:
            return None
        own = group.format(name=self.name)
        return logs_url(
            self.arn, self.region, own, None if own != group else self.api.log_streams.format(name=self.name)
        )


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


def parse_common_fields(api: ApiNames, row: ApiResponse, origin: Provenance, name: str | None = None) -> CommonFields:
    """The common fields of a listing's row or a description; account and region as the ARN has them.

    Args:
        api: SageMaker's words for the kind.
        row: The row or description.
        origin: Its provenance.
        name: The name, if it is not the member that is called so.
    """
    arn = row[api.arn_key]
    _, region, account = split_arn(arn)
    return CommonFields(
        scope=origin.scope,
        name=row[api.name_key] if name is None else name,
        arn=arn,
        account_id=sys.intern(account) or origin.account_id,
        region=sys.intern(region) or origin.region,
        creation_time=row.get("CreationTime"),
        as_of=origin.as_of,
    )


def build_arn(api: ApiNames, region: str, account_id: str, name: str) -> str:
    """The ARN of a resource of a kind, by its name."""
    return f"arn:{partition_of(region)}:sagemaker:{region}:{account_id}:{api.arn_type}/{name}"


def name_in_arn(arn: str) -> str:
    """The resource part of an ARN behind its type: `<group>/<version>` of a model package's."""
    return arn.split(":", 5)[-1].partition("/")[2]


def parse_network(answer: ApiResponse) -> Network:
    """The network settings of a description that has `VpcConfig` and `EnableNetworkIsolation`."""
    vpc = answer.get("VpcConfig") or {}
    return Network(
        isolated=bool(answer.get("EnableNetworkIsolation")),
        subnets=tuple(vpc.get("Subnets", ())),
        security_group_ids=tuple(vpc.get("SecurityGroupIds", ())),
    )


def parse_number(value: Any) -> float | None:
    """A number of an answer; None for NaN and Infinity, which AWS's JSON spells as text, and for none."""
    return value if isinstance(value, int | float) and math.isfinite(value) else None


def sorted_pairs(values: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    """A map of strings as pairs sorted by key, so that equal maps give equal answers."""
    return tuple(sorted((values or {}).items()))
