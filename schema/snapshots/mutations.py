"""Snapshot mutations: inputs and payloads."""

import strawberry

from aws.write.snapshot_inputs import NewDataCapture, NewServerless, NewSnapshot, NewVariant
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
    """See aws.write.snapshot_inputs.NewServerless."""

    memory_size_in_mb: int = required("The memory, in MB", name="memorySizeInMB")
    max_concurrency: int = required("The most requests that the variant answers at once")
    provisioned_concurrency: int | None = optional(
        "The number of simultaneous requests for which the variant is kept warm"
    )

    def value(self) -> NewServerless:
        """The size."""
        return build_value(NewServerless, self)


@strawberry.input(description="A variant of a snapshot: on instances, or serverless")
class VariantInput:
    """See aws.write.snapshot_inputs.NewVariant."""

    name: str | None = optional("The name of the variant", _DEFAULT_VARIANT_NAME)
    model_name: str = required("The model that the variant serves")
    instance_type: str | None = optional("The instance type, such as ml.m5.large; give this or `serverless`")
    initial_instance_count: int | None = optional("The number of instances; left out: 1")
    initial_weight: float | None = optional(
        "The share of the traffic, relative to the other variants' weights; left out: 1"
    )
    serverless: ServerlessInput | None = optional("The size of a serverless variant; give this or `instanceType`")

    def value(self) -> NewVariant:
        """The variant; null for its name means the default, as leaving it out does."""
        name = _DEFAULT_VARIANT_NAME if self.name is None else self.name
        return build_value(NewVariant, self, name=name, serverless=optional_value(self.serverless))


@strawberry.input(description="The capture of a runtime's requests and answers")
class DataCaptureInput:
    """See aws.write.snapshot_inputs.NewDataCapture."""

    sampling_percentage: int = required("The captured share of requests, in per cent")
    s3_uri: str = required("The S3 prefix of the captured data")
    kms_key_id: str | None = optional("The KMS key that encrypts the captured data")

    def value(self) -> NewDataCapture:
        """The data capture."""
        return build_value(NewDataCapture, self)


@strawberry.input(description="The snapshot to create")
class CreateSnapshotInput(CreationInput):
    """See aws.write.snapshot_inputs.NewSnapshot."""

    variants: list[VariantInput] = required("The variants, at least one")
    shadow_variants: list[VariantInput] | None = optional("The shadow variants, which get copies of requests")
    data_capture: DataCaptureInput | None = optional("The capture of requests and answers")
    kms_key_id: str | None = optional("The KMS key that encrypts the storage of instances")

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


@strawberry.type(description="The result of createSnapshot")
class CreateSnapshotPayload(MutationPayload):
    """See resolvers.snapshots.CreateSnapshotResult."""

    snapshot: Snapshot | None = attribute("The snapshot, read after its creation; null if there is none")
    created: bool = attribute(CREATED_DESCRIPTION)


@strawberry.type(description="The result of deleteSnapshot")
class DeleteSnapshotPayload(MutationPayload):
    """See resolvers.snapshots.DeleteSnapshotResult."""

    deleted_snapshot_id: strawberry.ID | None = attribute("The id that the snapshot had; null if it was not deleted")


@strawberry.input(description="The snapshot, and the change of its custom metadata; AWS is unchanged")
class UpdateSnapshotInput:
    """See resolvers.snapshots.UpdateSnapshot."""

    name: str = required("The snapshot's name")
    region: str | None = optional(
        "The region, one of the regions of the group's role; left out: the role's default region"
    )
    group: str | None = optional("The group whose custom metadata is changed; left out: the acting group")
    custom_metadata: JSON = required(
        "A JSON Merge Patch (RFC 7396) of the custom metadata: objects are merged, null deletes a key"
    )

    def value(self) -> snapshots.UpdateSnapshot:
        """The input's value."""
        return snapshots.UpdateSnapshot(
            name=self.name, region=self.region, group=self.group, custom_metadata=self.custom_metadata
        )


@strawberry.type(description="The result of updateSnapshot")
class UpdateSnapshotPayload(MutationPayload):
    """See resolvers.snapshots.UpdateSnapshotResult."""

    snapshot: Snapshot | None = attribute("The snapshot after the change; null if nothing was changed")
