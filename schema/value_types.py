"""Value types that several nouns share: tags, key-values, networks, data capture."""

import strawberry

from aws.kinds import resource as aws_resource
from resolvers import secret_values
from schema.fields import attribute, backed_by


@backed_by(aws_resource.Tag)
@strawberry.type(description="A tag of a resource")
class Tag:
    """See aws.kinds.resource.Tag."""

    key: str = attribute("The tag's key")
    value: str = attribute("The tag's value")


@backed_by(secret_values.RedactableValue)
@strawberry.type(description="A named value, which is hidden where it may be a secret")
class KeyValue:
    """See resolvers.secret_values.RedactableValue."""

    key: str = attribute("The name")
    value: str | None = attribute("The value; null where it is hidden")
    redacted: bool = attribute("True where the value is hidden, because the group may not see secrets")


@backed_by(aws_resource.Network)
@strawberry.type(description="Where containers run")
class Network:
    """See aws.kinds.resource.Network."""

    isolated: bool = attribute("True where containers have no network at all")
    subnets: list[str] = attribute("The subnets of the VPC")
    security_group_ids: list[str] = attribute("The security groups")


@backed_by(aws_resource.DataCapture)
@strawberry.type(description="Whether requests and answers of a runtime are kept")
class DataCapture:
    """See aws.kinds.resource.DataCapture."""

    enabled: bool = attribute("True where they are kept")
    sampling_percentage: int | None = attribute("Which share of them, in per cent")
    s3_uri: str | None = attribute("Where in S3")
