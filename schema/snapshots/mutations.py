"""Snapshot mutations: inputs and payloads."""

import strawberry

from aws.write.inputs import NewDataCapture, NewServerless, NewSnapshot, NewVariant
from resolvers import snapshots
from resolvers.mutations.aws_changes import Targeted
from schema.fields import attribute
from schema.inputs import CreationInput, TargetedInput, build_value, optional, optional_value, required, values_of
from schema.payloads import CREATED_DESCRIPTION, MutationPayload
from schema.scalars import JSON
from schema.snapshots.types import Snapshot

_DEFAULT_VARIANT_NAME = "AllTraffic"


@strawberry.input(description="The size of a serverless variant")
class ServerlessInput:
    """See aws.write.inputs.NewServerless."""

    memory_size_in_mb: int = required("Its memory in MB", name="memorySizeInMB")
    max_concurrency: int = required("The number of requests that it takes at once")
    provisioned_concurrency: int | None = optional("The number of requests that it is kept warm for")

    def value(self) -> NewServerless:
        """The size."""
        return build_value(NewServerless, self)


@strawberry.input(description="A variant of a snapshot: on instances, or serverless")
class VariantInput:
    """See aws.write.inputs.NewVariant."""

    name: str | None = optional("Its name", _DEFAULT_VARIANT_NAME)
    model_name: str = required("The model that it serves")
    instance_type: str | None = optional("The instance type, such as ml.m5.large; this or serverless")
    initial_instance_count: int | None = optional("The number of instances; left out: one")
    initial_weight: float | None = optional("Its share of the requests, relative to the other variants' weights")
    serverless: ServerlessInput | None = optional("Its size, if it is serverless; this or instanceType")

    def value(self) -> NewVariant:
        """The variant; null for its name means the default, as leaving it out does."""
        name = _DEFAULT_VARIANT_NAME if self.name is None else self.name
        return build_value(NewVariant, self, name=name, serverless=optional_value(self.serverless))


@strawberry.input(description="The capture of a runtime's requests and answers")
class DataCaptureInput:
    """See aws.write.inputs.NewDataCapture."""

    sampling_percentage: int = required("The captured share, in per cent")
    s3_uri: str = required("The S3 address of the capture")
    kms_key_id: str | None = optional("The key that encrypts them")

    def value(self) -> NewDataCapture:
        """The data capture."""
        return build_value(NewDataCapture, self)


@strawberry.input(description="The snapshot to create")
class CreateSnapshotInput(CreationInput):
    """See aws.write.inputs.NewSnapshot."""

    variants: list[VariantInput] = required("Its variants, one at least")
    shadow_variants: list[VariantInput] | None = optional("Variants that get copies of requests")
    data_capture: DataCaptureInput | None = optional("The capture of requests and answers")
    kms_key_id: str | None = optional("The key that encrypts the instances' storage")

    def value(self) -> Targeted[NewSnapshot]:
        """The input's value."""
        wanted = build_value(
            NewSnapshot,
            self,
            variants=values_of(self.variants),
            shadow_variants=values_of(self.shadow_variants),
            data_capture=optional_value(self.data_capture),
            **self.shared_fields(),
        )
        return self.targeted(wanted)


@strawberry.input(description="The snapshot to delete")
class DeleteSnapshotInput(TargetedInput):
    """A name."""

    name: str = required("The snapshot's name")

    def value(self) -> Targeted[str]:
        """The name."""
        return self.targeted(self.name)


@strawberry.type(description="The result of creating a snapshot")
class CreateSnapshotPayload(MutationPayload):
    """See resolvers.snapshots.CreateSnapshotResult."""

    snapshot: Snapshot | None = attribute("The snapshot, as it was read after it was made; null if it was not")
    created: bool = attribute(CREATED_DESCRIPTION)


@strawberry.type(description="The result of deleting a snapshot")
class DeleteSnapshotPayload(MutationPayload):
    """See resolvers.snapshots.DeleteSnapshotResult."""

    deleted_snapshot_id: strawberry.ID | None = attribute("The id that it had; null if it was not deleted")


@strawberry.input(description="The change to a snapshot in the registry; AWS is left as it is")
class UpdateSnapshotInput:
    """See resolvers.snapshots.UpdateSnapshot."""

    name: str = required("The snapshot's name")
    region: str | None = optional("The region, one of the role's own; left out: its first")
    group: str | None = optional("The group whose custom metadata it is; left out: the acting group")
    custom_metadata: JSON = required("A JSON Merge Patch (RFC 7396): objects are merged, null deletes a key")

    def value(self) -> snapshots.UpdateSnapshot:
        """The input's value."""
        return snapshots.UpdateSnapshot(
            name=self.name, region=self.region, group=self.group, custom_metadata=self.custom_metadata
        )


@strawberry.type(description="The result of a change")
class UpdateSnapshotPayload(MutationPayload):
    """See resolvers.snapshots.UpdateSnapshotResult."""

    snapshot: Snapshot | None = attribute("The snapshot; null if nothing was changed")
