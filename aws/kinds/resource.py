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
    """A tag of a resource.

    Attributes:
        key: Its key.
        value: Its value; may be empty.
    """

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Network:
    """The network of containers.

    Attributes:
        isolated: True if they have no network access.
        subnets: The ids of the subnets of their VPC; empty without one.
        security_group_ids: The ids of the security groups in that VPC.
    """

    isolated: bool
    subnets: tuple[str, ...]
    security_group_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaptureOptions:
    """The parts of requests that are captured, and their encryption.

    Attributes:
        captures: `Input`, `Output`, …; None for an endpoint, whose description lacks them.
        kms_key_id: The KMS key that encrypts them; None without one.
    """

    captures: tuple[str, ...] | None = None
    kms_key_id: str | None = None


@dataclass(frozen=True, slots=True)
class DataCapture:
    """The capture of requests and responses.

    Attributes:
        enabled: True if they are captured.
        sampling_percentage: The share that is captured, in per cent; None if SageMaker gives none.
        s3_uri: The address of the captures in S3; None if SageMaker gives none.
        capture_options: The parts that are captured.
    """

    enabled: bool
    sampling_percentage: int | None
    s3_uri: str | None
    capture_options: CaptureOptions = CaptureOptions()


Detail = TypeVar("Detail", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Generic[Detail]):
    """The fields of every resource, from one row of a list.

    Attributes:
        scope: The key of the scope that has read it; no other scope may show it.
        name: Its name, unique for its kind, account and region.
        arn: Its ARN.
        account_id: Its AWS account.
        region: Its AWS region.
        creation_time: Its creation time; None if SageMaker gives none.
        as_of: The time of the read.
        detail: The fields of its description; None if it has not been described.
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
        """Its page in the console of its partition; None if the partition has no console, or the kind no page."""
        return console_url(self.api.console_path, self.arn, self.region, self.name)

    @property
    def logs_url(self) -> str | None:
        """Its logs in the CloudWatch console of its partition; None if either has none.

        The log group of many resources is filtered by the beginning of the names of this one's streams.
        """
        group = self.api.log_group
        if group is None:
            return None
        own = group.format(name=self.name)
        return logs_url(
            self.arn, self.region, own, None if own != group else self.api.log_streams.format(name=self.name)
        )


ApiResponse = Mapping[str, Any]
"""An answer of AWS, or a part of one, with AWS's names."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """The origin of a read.

    Attributes:
        scope: The key of the scope that reads.
        account_id: The AWS account.
        region: The AWS region.
        as_of: The time of the read.
    """

    scope: str
    account_id: str
    region: str
    as_of: datetime


class CommonFields(TypedDict):
    """The fields of every resource; see `Resource`.

    Attributes:
        scope: The key of the scope that has read it.
        name: Its name.
        arn: Its ARN.
        account_id: Its AWS account.
        region: Its AWS region.
        creation_time: Its creation time; None if SageMaker gives none.
        as_of: The time of the read.
    """

    scope: str
    name: str
    arn: str
    account_id: str
    region: str
    creation_time: datetime | None
    as_of: datetime


def parse_common_fields(api: ApiNames, row: ApiResponse, origin: Provenance, name: str | None = None) -> CommonFields:
    """Parse the common fields of a row or a description; account and region come from the ARN.

    Args:
        api: SageMaker's names for the kind.
        row: The row or description.
        origin: Its provenance.
        name: The name, if it is not in the member `api.name_key`; else None.
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
    """Build the ARN of a resource from the names of its kind, its region, account and name."""
    return f"arn:{partition_of(region)}:sagemaker:{region}:{account_id}:{api.arn_type}/{name}"


def name_in_arn(arn: str) -> str:
    """Give the resource part of an ARN behind its type, such as `<group>/<version>` for a model package."""
    return arn.split(":", 5)[-1].partition("/")[2]


def parse_network(answer: ApiResponse) -> Network:
    """Parse the network settings of a description that has `VpcConfig` and `EnableNetworkIsolation`."""
    vpc = answer.get("VpcConfig") or {}
    return Network(
        isolated=bool(answer.get("EnableNetworkIsolation")),
        subnets=tuple(vpc.get("Subnets", ())),
        security_group_ids=tuple(vpc.get("SecurityGroupIds", ())),
    )


def parse_number(value: Any) -> float | None:
    """Parse a number; None for NaN and Infinity, which AWS's JSON writes as text, and for a missing `value`."""
    return value if isinstance(value, int | float) and math.isfinite(value) else None


def sorted_pairs(values: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    """Give a map of strings as pairs sorted by key, so that equal maps give equal answers."""
    return tuple(sorted((values or {}).items()))
