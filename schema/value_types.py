"""Value types that several nouns share: tags, key-values, networks, data capture, serverless sizes."""

import strawberry

from schema.fields import attribute, option


@strawberry.type(description="A tag of a SageMaker resource")
class Tag:
    """See aws.kinds.resource.Tag."""

    key: str = attribute("The tag's key")
    value: str = attribute("The tag's value")


@strawberry.type(description="A named value, such as an environment variable")
class KeyValue:
    """See resolvers.secret_values.RedactableValue."""

    key: str = attribute("The name")
    value: str | None = attribute("The value; null if it is hidden")
    redacted: bool = attribute("True if the value is hidden, because the group lacks the permission SEE_SECRETS")


@strawberry.type(description="The network of containers")
class Network:
    """See aws.kinds.resource.Network."""

    isolated: bool = attribute("True if the containers have no network at all")
    subnets: list[str] = attribute("The ids of the VPC's subnets")
    security_group_ids: list[str] = attribute("The ids of the security groups")


@strawberry.type(description="The capture of a runtime's requests and answers")
class DataCapture:
    """See aws.kinds.resource.DataCapture."""

    enabled: bool = attribute("True if requests and answers are captured")
    sampling_percentage: int | None = attribute("The captured share of requests, in per cent")
    s3_uri: str | None = attribute("The S3 prefix of the captured data")
    captures: list[str] | None = option(
        "capture_options",
        "captures",
        "The captured parts: Input, Output or InputAndOutput; null if SageMaker does not tell",
    )
    kms_key_id: str | None = option(
        "capture_options", "kms_key_id", "The KMS key that encrypts the captured data; null for none"
    )


@strawberry.type(description="The size of a serverless variant")
class Serverless:
    """See aws.kinds.variants.Serverless."""

    memory_size_in_mb: int = strawberry.field(name="memorySizeInMB", description="The memory, in MB")
    max_concurrency: int = attribute("The most requests that the variant answers at once")
    provisioned_concurrency: int | None = attribute(
        "The number of simultaneous requests for which the variant is kept warm"
    )
