"""What mutations of snapshots take."""

import strawberry

from aws.writing.inputs import NewDataCapture, NewServerless, NewSnapshot, NewVariant
from resolvers.making import Asked
from schema.input_fields import left_out, needed
from schema.making_inputs import NewInput, PlacedInput, optional, read, values

_VARIANT = "AllTraffic"


@strawberry.input(description="The size of a serverless variant")
class ServerlessInput:
    """See aws.writing.inputs.NewServerless."""

    memory_size_in_mb: int = needed("Its memory in MB", name="memorySizeInMB")
    max_concurrency: int = needed("How many requests it takes at once")
    provisioned_concurrency: int | None = left_out("For how many requests it is kept ready")

    def value(self) -> NewServerless:
        """The size."""
        return read(NewServerless, self)


@strawberry.input(description="A variant of a snapshot: on instances, or serverless")
class VariantInput:
    """See aws.writing.inputs.NewVariant."""

    name: str | None = left_out("Its name", _VARIANT)
    model_name: str = needed("The model that it serves")
    instance_type: str | None = left_out("What it runs on, such as ml.m5.large; this or serverless")
    initial_instance_count: int | None = left_out("On how many instances; left out: one")
    initial_weight: float | None = left_out("Its share of the requests, held against the other variants'")
    serverless: ServerlessInput | None = left_out("Its size, where it is serverless; this or instanceType")

    def value(self) -> NewVariant:
        """The variant; null for its name means the default, as leaving it out does."""
        name = _VARIANT if self.name is None else self.name
        return read(NewVariant, self, name=name, serverless=optional(self.serverless))


@strawberry.input(description="What is to be kept of a runtime's requests and answers")
class DataCaptureInput:
    """See aws.writing.inputs.NewDataCapture."""

    sampling_percentage: int = needed("Which share of them, in per cent")
    s3_uri: str = needed("Where in S3")
    kms_key_id: str | None = left_out("The key that encrypts them")

    def value(self) -> NewDataCapture:
        """The data capture."""
        return read(NewDataCapture, self)


@strawberry.input(description="Which snapshot to create")
class CreateSnapshotInput(NewInput):
    """See aws.writing.inputs.NewSnapshot."""

    variants: list[VariantInput] = needed("Its variants, one at least")
    shadow_variants: list[VariantInput] | None = left_out("Variants that get copies of requests")
    data_capture: DataCaptureInput | None = left_out("What is to be kept of requests and answers")
    kms_key_id: str | None = left_out("The key that encrypts the instances' storage")

    def value(self) -> Asked[NewSnapshot]:
        """The input's value."""
        wanted = read(
            NewSnapshot,
            self,
            variants=values(self.variants),
            shadow_variants=values(self.shadow_variants),
            data_capture=optional(self.data_capture),
            **self.naming(),
        )
        return self.asked(wanted)


@strawberry.input(description="Which snapshot to delete")
class DeleteSnapshotInput(PlacedInput):
    """A name."""

    name: str = needed("The snapshot's name")

    def value(self) -> Asked[str]:
        """The name."""
        return self.asked(self.name)
