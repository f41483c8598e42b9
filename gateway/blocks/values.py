"""The values that settings can hold: what each key takes, in the words that a fault uses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, GetCoreSchemaHandler, SecretStr
from pydantic_core import CoreSchema, core_schema

from gateway.blocks.faults import RefusedValueError
from gateway.blocks.readers import (
    Network,
    absolute_path,
    given,
    header_name,
    matching,
    network,
    printable,
    seconds,
    secret,
    secret_matching,
    switch,
    text,
    url,
    whole,
)


@dataclass(frozen=True, slots=True)
class Takes:
    """What a key takes: `says` completes «give it …», and `read` makes the value or raises ValueError."""

    says: str
    read: Callable[[Any], object]

    def check(self, written: object) -> object:
        """The value for what is written. Raises RefusedValueError, in words that hold nothing of what is written."""
        if written is None or written == "":
            raise RefusedValueError(f"is empty; give it {self.says}")
        try:
            return self.read(written)
        except RefusedValueError:
            raise
        except ValueError:
            pass  # The library's text may repeat the value, so it goes no further, not even as a cause.
        raise RefusedValueError(f"cannot be this; give it {self.says}")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic ask `check` instead of its own reading of the type."""
        return core_schema.no_info_plain_validator_function(self.check)


PARTITION = "aws(?:-cn|-us-gov|-iso(?:-[bef])?|-eusc)?"
REGION = "[a-z]{2,4}(?:-[a-z]+){1,2}-[0-9]{1,2}"
BUCKET = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
# The name and the path as IAM's API reference for Role has them.
ROLE_ARN = rf"arn:{PARTITION}:iam::[0-9]{{12}}:role/(?:[!-~]{{1,510}}/)?[\w+=,.@-]{{1,64}}"
LOAD_BALANCER_ARN = rf"arn:{PARTITION}:elasticloadbalancing:{REGION}:[0-9]{{12}}:loadbalancer/app/[\w-]+/[\w]+"
DATABASE = r"sqlite\+aiosqlite:///[^\s?]\S*|postgresql\+psycopg://\S+"

T = TypeVar("T")
Given = Annotated[T | None, BeforeValidator(given)]
"""A key that may be left out, but not left empty."""

Text = Annotated[str, Takes("a text", text)]
Separator = Annotated[str, Takes('one character or more, such as ","', printable)]
Group = Annotated[str, Takes("the name of one group", matching(r"(?!\*$).+"))]
GroupOrEveryone = Annotated[str, Takes('the name of a group, or "*" for every authenticated caller', text)]
Secret = Annotated[SecretStr, Takes("the secret, best as ${VARIABLE}", secret)]
ExternalId = Annotated[
    SecretStr, Takes("2 to 1224 letters, digits or any of +=,.@:/-_", secret_matching(r"[\w+=,.@:/-]{2,1224}"))
]
Switch = Annotated[bool, Takes("on or off (or true or false)", switch)]
Positive = Annotated[int, Takes("a whole number of at least 1", whole(1))]
PageSize = Annotated[int, Takes("a whole number from 1 to 100", whole(1, 100))]
Port = Annotated[int, Takes("a port from 0 to 65535, where 0 is any free one", whole(0, 65535))]
Seconds = Annotated[float, Takes("a number of seconds above 0", seconds)]
Url = Annotated[str, Takes("an address such as https://example.com/path", url)]
Region = Annotated[str, Takes("the name of an AWS region, such as us-east-2", matching(REGION))]
RoleArn = Annotated[str, Takes("the ARN of a role, such as arn:aws:iam::111111111111:role/name", matching(ROLE_ARN))]
LoadBalancerArn = Annotated[
    str,
    Takes("the ARN of an application load balancer, arn:aws:elasticloadbalancing:…", matching(LOAD_BALANCER_ARN)),
]
HeaderName = Annotated[str, Takes("the name of a header, such as X-Forwarded-User", header_name)]
TrustedNetwork = Annotated[Network, Takes("a network such as 10.0.0.0/8, with no bit set after the prefix", network)]
AbsolutePath = Annotated[str, Takes("an absolute path, beginning with /", absolute_path)]
InstanceType = Annotated[str, Takes("an instance type such as ml.m5.large", matching(r"ml\.[a-z0-9-]+\.[a-z0-9]+"))]
Bucket = Annotated[str, Takes("the name of a bucket, without s3://", matching(BUCKET))]
S3Uri = Annotated[str, Takes("an address such as s3://bucket/prefix/", matching(rf"s3://{BUCKET}(?:/.*)?"))]
DatabaseUrl = Annotated[
    SecretStr,
    Takes("sqlite+aiosqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME", secret_matching(DATABASE)),
]
