"""Value types that several nouns share: tags, key-values, networks, data capture, serverless sizes."""

import strawberry

from schema.fields import attribute, option


@strawberry.type(description="A tag of a resource")
class Tag:
    """See aws.kinds.resource.Tag."""

    key: str = attribute("The tag's key")
    value: str = attribute("The tag's value")


@strawberry.type(description="A named value; hidden if it may be a secret")
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
    captures: list[str] | None = option(
        "capture_options", "captures", "The kept parts: Input, Output or InputAndOutput; null if AWS does not tell"
    )
    kms_key_id: str | None = option("capture_options", "kms_key_id", "The key that encrypts the capture")


@strawberry.type(description="The size of a serverless variant")
class Serverless:
    """See aws.kinds.variants.Serverless."""

    memory_size_in_mb: int = strawberry.field(name="memorySizeInMB", description="The memory in MB")
    max_concurrency: int = attribute("The number of requests that it takes at once")
    provisioned_concurrency: int | None = attribute("The number of requests that it is kept warm for")
