"""schema.inputs: what must be given and what may be left out."""

from dataclasses import fields
from typing import Any

import pytest
import strawberry
from strawberry.tools import create_type

from aws.kinds.resource import Tag
from aws.kinds.rollouts import Capacity, Rollout, RolloutStrategy
from aws.kinds.statuses import JobType
from aws.write.inputs import KeyValuePair, NewChannel, NewNetwork, NewRuntime, NewTrainingJob, NewTransformJob
from aws.write.snapshot_inputs import NewDataCapture, NewServerless, NewSnapshot, NewVariant
from resolvers.jobs import StopJob
from resolvers.mutations.aws_changes import Targeted
from resolvers.runtimes import UpdateRuntime
from schema.deployments.mutations import DeploySnapshotInput
from schema.inputs import KeyValueInput, TagInput, optional, required
from schema.jobs.mutations import (
    ChannelInput,
    CreateTrainingJobInput,
    CreateTransformJobInput,
    NetworkInput,
    StopJobInput,
)
from schema.rollouts import CapacityInput, RolloutInput
from schema.runtimes import CreateRuntimeInput, DeleteRuntimeInput, UpdateRuntimeInput
from schema.snapshots.mutations import (
    CreateSnapshotInput,
    DataCaptureInput,
    DeleteSnapshotInput,
    ServerlessInput,
    VariantInput,
)


@strawberry.input
class SampleInput:
    """An input of each sort of field."""

    named: str = required("It must be given")
    renamed: str = required("It is spelled otherwise", name="value")
    free: str | None = optional("It may be left out")
    counted: int | None = optional("It is five where it is left out", 5)


async def test_what_is_given_and_what_is_left_out() -> None:
    inputs: list[SampleInput] = []

    def it(asked: SampleInput) -> bool:
        inputs.append(asked)
        return True

    field: Any = strawberry.field(resolver=it, name="it")
    schema = strawberry.Schema(query=create_type("Query", [field]))
    assert (await schema.execute('{ it(asked: {named: "a", value: "b"}) }')).errors is None
    assert (await schema.execute('{ it(asked: {named: "a", value: "b", free: null, counted: null}) }')).errors is None
    assert [(sample_input.free, sample_input.counted) for sample_input in inputs] == [(None, 5), (None, None)]
    for missing in ('value: "b"', 'named: "a"', 'named: "a", renamed: "b"', 'named: null, value: "b"'):
        assert (await schema.execute(f"{{ it(asked: {{{missing}}}) }}")).errors is not None
    assert len(inputs) == 2


def test_what_it_is_for_is_told() -> None:
    described = {field.python_name: field.description for field in SampleInput.__strawberry_definition__.fields}  # type: ignore[attr-defined]  # Strawberry adds it.
    assert described == {
        "named": "It must be given",
        "renamed": "It is spelled otherwise",
        "free": "It may be left out",
        "counted": "It is five where it is left out",
    }


SECRET = "correct-horse-battery"
PLACE = {"region", "group"}


@pytest.mark.parametrize(
    ("shape", "value", "apart"),
    [
        (CreateTransformJobInput, NewTransformJob, PLACE),
        (CreateTrainingJobInput, NewTrainingJob, PLACE),
        (CreateSnapshotInput, NewSnapshot, PLACE),
        (CreateRuntimeInput, NewRuntime, PLACE),
        (ChannelInput, NewChannel, set[str]()),
        (NetworkInput, NewNetwork, set[str]()),
        (VariantInput, NewVariant, set[str]()),
        (ServerlessInput, NewServerless, set[str]()),
        (DataCaptureInput, NewDataCapture, set[str]()),
        (StopJobInput, StopJob, PLACE),
        (UpdateRuntimeInput, UpdateRuntime, PLACE),
    ],
)
def test_an_input_has_the_fields_of_its_value(shape: Any, value: Any, apart: set[str]) -> None:
    names = {field.python_name for field in shape.__strawberry_definition__.fields}
    assert names - apart == {field.name for field in fields(value)}


def test_a_secret_is_in_no_representation() -> None:
    pairs = [KeyValueInput(key="TOKEN", text=SECRET)]
    create_transform_job_input = CreateTransformJobInput(
        model_name="m",
        input_s3_uri="s3://a/b",
        output_s3_uri="s3://a/c",
        instance_type="ml.m5.large",
        environment=pairs,
    )
    assert create_transform_job_input.value().value.environment == (KeyValuePair("TOKEN", SECRET),)
    assert SECRET not in repr(create_transform_job_input) + repr(create_transform_job_input.value()) + repr(
        create_transform_job_input.value().value
    )
    training = CreateTrainingJobInput(hyper_parameters=pairs, environment=pairs)
    assert SECRET not in repr(training) + repr(training.value()) + repr(training.value().value)


def test_what_is_null_is_what_is_left_out() -> None:
    create_transform_job_input = CreateTransformJobInput(
        model_name="m",
        input_s3_uri="s3://a/b",
        output_s3_uri="s3://a/c",
        instance_type="ml.m5.large",
        instance_count=None,
        tags=None,
    )
    assert (create_transform_job_input.value().value.instance_count, create_transform_job_input.value().value.tags) == (
        1,
        (),
    )
    assert VariantInput(model_name="m", name=None).value() == VariantInput(model_name="m").value()


def test_lists_are_values_all_the_way_down() -> None:
    create_training_job_input = CreateTrainingJobInput(
        name="One",
        group="risk",
        region="eu-west-1",
        channels=[ChannelInput(name="train", s3_uri="s3://a/b")],
        network=NetworkInput(isolated=True, subnets=["s"], security_group_ids=[]),
        tags=[TagInput(key="a", text="b")],
    )
    assert create_training_job_input.value() == Targeted(
        NewTrainingJob(
            name="One",
            channels=(NewChannel("train", "s3://a/b"),),
            network=NewNetwork(True, ("s",), ()),
            tags=(Tag("a", "b"),),
        ),
        "risk",
        "eu-west-1",
    )


def test_a_snapshot() -> None:
    create_snapshot_input = CreateSnapshotInput(
        variants=[VariantInput(model_name="m", serverless=ServerlessInput(memory_size_in_mb=1024, max_concurrency=2))],
        shadow_variants=[],
        data_capture=DataCaptureInput(sampling_percentage=5, s3_uri="s3://a/b"),
    )
    assert create_snapshot_input.value().value == NewSnapshot(
        variants=(NewVariant(model_name="m", serverless=NewServerless(1024, 2)),),
        shadow_variants=(),
        data_capture=NewDataCapture(sampling_percentage=5, s3_uri="s3://a/b"),
    )


def test_what_is_only_named() -> None:
    assert StopJobInput(type=JobType.TRAINING, name="a").value() == Targeted(StopJob(JobType.TRAINING, "a"))
    assert UpdateRuntimeInput(name="a", snapshot_name="b", group="g").value() == Targeted(UpdateRuntime("a", "b"), "g")
    assert UpdateRuntimeInput(name="a", snapshot_name="b", retain_variant_properties=False).value() == Targeted(
        UpdateRuntime("a", "b", retain_variant_properties=False)
    )
    for shape in (DeleteRuntimeInput, DeleteSnapshotInput):
        assert shape(name="a", region="r").value() == Targeted("a", None, "r")


def test_a_rollout_takes_null_for_its_defaults() -> None:
    canary = RolloutInput(strategy=RolloutStrategy.CANARY, step=CapacityInput(percent=0), wait_seconds=None)
    plan = Rollout(strategy=RolloutStrategy.CANARY, step=Capacity(percent=0), wait_seconds=300)
    wanted = UpdateRuntime("a", "b", rollout=plan)
    assert UpdateRuntimeInput(name="a", snapshot_name="b", rollout=canary).value().value == wanted
    rolling = RolloutInput(
        strategy=RolloutStrategy.ROLLING,
        step=CapacityInput(instances=1),
        rollback_step=CapacityInput(percent=50),
        maximum_seconds=3600,
        alarms=["errors"],
    )
    assert DeploySnapshotInput(snapshot_name="b", rollout=rolling).value().rollout == Rollout(
        strategy=RolloutStrategy.ROLLING,
        step=Capacity(instances=1),
        rollback_step=Capacity(percent=50),
        maximum_seconds=3600,
        alarms=("errors",),
    )
