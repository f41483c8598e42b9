"""Value types that several nouns share: tags, key-values, networks, data capture."""

import strawberry

from schema.fields import attribute


@strawberry.type(description="A tag of a resource")
class Tag:
    """See aws.kinds.resource.Tag."""

    key: str = attribute("The tag's key")
    value: str = attribute("The tag's value")


@strawberry.type(description="A named value, which is hidden where it may be a secret")
class KeyValue:
    """See resolvers.secret_values.RedactableValue."""

    key: str = attribute("The name")
    value: str | None = attribute("The value; null if it is hidden")
    redacted: bool = attribute("True if the value is hidden, because the group may not see secrets")


@strawberry.type(description="The network of containers")
class Network:
    """See aws.kinds.resource.Network."""

    isolated: bool = attribute("True if containers have no network at all")
    subnets: list[str] = attribute("The subnets of the VPC")
    security_group_ids: list[str] = attribute("The security groups")


@strawberry.type(description="The capture of a runtime's requests and answers")
class DataCapture:
    """See aws.kinds.resource.DataCapture."""

    enabled: bool = attribute("True if they are kept")
    sampling_percentage: int | None = attribute("The captured share, in per cent")
    s3_uri: str | None = attribute("The S3 address of the capture")
