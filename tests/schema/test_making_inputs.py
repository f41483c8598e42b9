"""schema.making_inputs and the inputs made of it: each field of an input is one of the value that it reads as."""

from dataclasses import fields
from typing import Any

import pytest

from aws.resources import Tag
from aws.statuses import JobType
from aws.writing.inputs import (
    KeyValuePair,
    NewChannel,
    NewDataCapture,
    NewNetwork,
    NewRuntime,
    NewServerless,
    NewSnapshot,
    NewTrainingJob,
    NewTransformJob,
    NewVariant,
)
from resolvers.job_changes import StopJob
from resolvers.making import Targeted
from resolvers.runtime_changes import UpdateRuntime
from schema.job_inputs import ChannelInput, CreateTrainingJobInput, CreateTransformJobInput, NetworkInput, StopJobInput
from schema.making_inputs import KeyValueInput, TagInput
from schema.runtime_inputs import CreateRuntimeInput, DeleteRuntimeInput, UpdateRuntimeInput
from schema.snapshot_inputs import (
    CreateSnapshotInput,
    DataCaptureInput,
    DeleteSnapshotInput,
    ServerlessInput,
    VariantInput,
)

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
    given = CreateTransformJobInput(
        model_name="m",
        input_s3_uri="s3://a/b",
        output_s3_uri="s3://a/c",
        instance_type="ml.m5.large",
        environment=pairs,
    )
    assert given.value().value.environment == (KeyValuePair("TOKEN", SECRET),)
    assert SECRET not in repr(given) + repr(given.value()) + repr(given.value().value)
    training = CreateTrainingJobInput(hyper_parameters=pairs, environment=pairs)
    assert SECRET not in repr(training) + repr(training.value()) + repr(training.value().value)


def test_what_is_null_is_what_is_left_out() -> None:
    given = CreateTransformJobInput(
        model_name="m",
        input_s3_uri="s3://a/b",
        output_s3_uri="s3://a/c",
        instance_type="ml.m5.large",
        instance_count=None,
        tags=None,
    )
    assert (given.value().value.instance_count, given.value().value.tags) == (1, ())
    assert VariantInput(model_name="m", name=None).value() == VariantInput(model_name="m").value()


def test_lists_are_values_all_the_way_down() -> None:
    given = CreateTrainingJobInput(
        name="One",
        group="risk",
        region="eu-west-1",
        channels=[ChannelInput(name="train", s3_uri="s3://a/b")],
        network=NetworkInput(isolated=True, subnets=["s"], security_group_ids=[]),
        tags=[TagInput(key="a", text="b")],
    )
    assert given.value() == Targeted(
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
    given = CreateSnapshotInput(
        variants=[VariantInput(model_name="m", serverless=ServerlessInput(memory_size_in_mb=1024, max_concurrency=2))],
        shadow_variants=[],
        data_capture=DataCaptureInput(sampling_percentage=5, s3_uri="s3://a/b"),
    )
    assert given.value().value == NewSnapshot(
        variants=(NewVariant(model_name="m", serverless=NewServerless(1024, 2)),),
        shadow_variants=(),
        data_capture=NewDataCapture(sampling_percentage=5, s3_uri="s3://a/b"),
    )


def test_what_is_only_named() -> None:
    assert StopJobInput(type=JobType.TRAINING, name="a").value() == Targeted(StopJob(JobType.TRAINING, "a"))
    assert UpdateRuntimeInput(name="a", snapshot_name="b", group="g").value() == Targeted(UpdateRuntime("a", "b"), "g")
    for shape in (DeleteRuntimeInput, DeleteSnapshotInput):
        assert shape(name="a", region="r").value() == Targeted("a", None, "r")
