"""Inputs of new snapshots, in the form of the contract."""

from dataclasses import dataclass

from aws.write.inputs import CreateInput


@dataclass(frozen=True, slots=True)
class NewServerless:
    """The size of a serverless variant (`ServerlessInput`).

    Attributes:
        memory_size_in_mb: Its memory, in MB; a multiple of 1024.
        max_concurrency: The most requests at once.
        provisioned_concurrency: The requests at once that are kept warm; None for none.
    """

    memory_size_in_mb: int
    max_concurrency: int
    provisioned_concurrency: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVariant:
    """A variant of a snapshot (`VariantInput`): either on instances or serverless.

    Attributes:
        model_name: The model.
        name: Its name; None counts as `AllTraffic`.
        instance_type: The instance type; None for a serverless variant.
        initial_instance_count: The number of instances at first; None counts as 1.
        initial_weight: Its share of traffic at first, relative to the other weights; None counts as 1.
        serverless: Its size, if it is serverless.
    """

    model_name: str
    name: str | None = "AllTraffic"
    instance_type: str | None = None
    initial_instance_count: int | None = None
    initial_weight: float | None = None
    serverless: NewServerless | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDataCapture:
    """The capture of requests and responses of a runtime (`DataCaptureInput`).

    Attributes:
        sampling_percentage: The share that is captured, in per cent.
        s3_uri: The address of the captures in S3.
        kms_key_id: The KMS key that encrypts them; None without one.
    """

    sampling_percentage: int
    s3_uri: str
    kms_key_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSnapshot(CreateInput):
    """An endpoint configuration (`CreateSnapshotInput`).

    Attributes:
        variants: The production variants.
        shadow_variants: The shadow variants; None for none.
        data_capture: The data capture; None for none.
        kms_key_id: The KMS key that encrypts the volumes; None without one.
    """

    variants: tuple[NewVariant, ...]
    shadow_variants: tuple[NewVariant, ...] | None = None
    data_capture: NewDataCapture | None = None
    kms_key_id: str | None = None
