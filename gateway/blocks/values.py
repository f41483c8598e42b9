"""The values that settings can hold: what each key takes, in the words that a fault uses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, GetCoreSchemaHandler, SecretStr
from pydantic_core import CoreSchema, core_schema

from gateway.blocks.faults import InvalidValueError
from gateway.blocks.readers import (
    Network,
    absolute_path,
    header_name,
    matching,
    network,
    not_empty,
    printable,
    seconds,
    secret,
    secret_matching,
    switch,
    text,
    url,
    whole_number,
)


@dataclass(frozen=True, slots=True)
class ValueType:
    """What a key takes: `description` completes «give it …», and `parse` makes the value or raises ValueError."""

    description: str
    parse: Callable[[Any], object]

    def validate(self, raw: object) -> object:
        """The value for what is written. Raises RefusedValueError, in words that hold nothing of what is written."""
        if raw is None or raw == "":
            raise InvalidValueError(f"is empty; give it {self.description}")
        try:
            return self.parse(raw)
        except InvalidValueError:
            raise
        except ValueError:
            pass  # The library's text may repeat the value, so it goes no further, not even as a cause.
        raise InvalidValueError(f"cannot be this; give it {self.description}")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic ask `check` instead of its own reading of the type."""
        return core_schema.no_info_plain_validator_function(self.validate)


PARTITION_PATTERN = "aws(?:-cn|-us-gov|-iso(?:-[bef])?|-eusc)?"
REGION_PATTERN = "[a-z]{2,4}(?:-[a-z]+){1,2}-[0-9]{1,2}"
BUCKET_PATTERN = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
# The name and the path as IAM's API reference for Role has them.
ROLE_ARN_PATTERN = rf"arn:{PARTITION_PATTERN}:iam::[0-9]{{12}}:role/(?:[!-~]{{1,510}}/)?[\w+=,.@-]{{1,64}}"
LOAD_BALANCER_ARN_PATTERN = (
    rf"arn:{PARTITION_PATTERN}:elasticloadbalancing:{REGION_PATTERN}:[0-9]{{12}}:loadbalancer/app/[\w-]+/[\w]+"
)
DATABASE_PATTERN = r"sqlite\+aiosqlite:///[^\s?]\S*|postgresql\+psycopg://\S+"

T = TypeVar("T")
Omittable = Annotated[T | None, BeforeValidator(not_empty)]
"""A key that may be left out, but not left empty."""

Text = Annotated[str, ValueType("a text", text)]
Separator = Annotated[str, ValueType('one character or more, such as ","', printable)]
Group = Annotated[str, ValueType("the name of one group", matching(r"(?!\*$).+"))]
GroupOrEveryone = Annotated[str, ValueType('the name of a group, or "*" for every authenticated caller', text)]
Secret = Annotated[SecretStr, ValueType("the secret, best as ${VARIABLE}", secret)]
ExternalId = Annotated[
    SecretStr, ValueType("2 to 1224 letters, digits or any of +=,.@:/-_", secret_matching(r"[\w+=,.@:/-]{2,1224}"))
]
Switch = Annotated[bool, ValueType("on or off (or true or false)", switch)]
Positive = Annotated[int, ValueType("a whole number of at least 1", whole_number(1))]
PageSize = Annotated[int, ValueType("a whole number from 1 to 100", whole_number(1, 100))]
Port = Annotated[int, ValueType("a port from 0 to 65535, where 0 is any free one", whole_number(0, 65535))]
Seconds = Annotated[float, ValueType("a number of seconds above 0", seconds)]
Url = Annotated[str, ValueType("an address such as https://example.com/path", url)]
Region = Annotated[str, ValueType("the name of an AWS region, such as us-east-2", matching(REGION_PATTERN))]
RoleArn = Annotated[
    str, ValueType("the ARN of a role, such as arn:aws:iam::111111111111:role/name", matching(ROLE_ARN_PATTERN))
]
LoadBalancerArn = Annotated[
    str,
    ValueType(
        "the ARN of an application load balancer, arn:aws:elasticloadbalancing:…", matching(LOAD_BALANCER_ARN_PATTERN)
    ),
]
HeaderName = Annotated[str, ValueType("the name of a header, such as X-Forwarded-User", header_name)]
TrustedNetwork = Annotated[
    Network, ValueType("a network such as 10.0.0.0/8, with no bit set after the prefix", network)
]
AbsolutePath = Annotated[str, ValueType("an absolute path, beginning with /", absolute_path)]
InstanceType = Annotated[str, ValueType("an instance type such as ml.m5.large", matching(r"ml\.[a-z0-9-]+\.[a-z0-9]+"))]
Bucket = Annotated[str, ValueType("the name of a bucket, without s3://", matching(BUCKET_PATTERN))]
S3Uri = Annotated[str, ValueType("an address such as s3://bucket/prefix/", matching(rf"s3://{BUCKET_PATTERN}(?:/.*)?"))]
DatabaseUrl = Annotated[
    SecretStr,
    ValueType(
        "sqlite+aiosqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME", secret_matching(DATABASE_PATTERN)
    ),
]
