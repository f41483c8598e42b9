"""Which reader belongs to which kind, and that all of them speak SageMaker's own words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from aws import kinds
from aws.client.client import AwsClient
from aws.kinds.catalog import API_NAMES, KINDS
from aws.kinds.descriptor import LinkType
from aws.kinds.kind import LISTED_KINDS, Kind
from aws.kinds.rollouts import RolloutStrategy
from aws.kinds.statuses import JobType
from sandbox.server import Sandbox
from tests.aws.sandbox_account import (
    ACCOUNT,
    EXECUTION_ROLE,
    NOON,
    REGION,
    arn,
    component_request,
    make,
    make_models,
    make_transform_job,
    provenance,
)
from tests.aws.service_model import output_shape
from tests.sagemaker_builder import processing_request, tuning_request


def test_every_kind_has_its_readers() -> None:
    assert list(KINDS) == list(API_NAMES) == list(Kind)
    assert {kind: entry.parse_summary.__module__.rpartition(".")[2] for kind, entry in KINDS.items()} == {
        Kind.MODEL: "models",
        Kind.SNAPSHOT: "snapshots",
        Kind.RUNTIME: "runtimes",
        Kind.TRAINING_JOB: "training_jobs",
        Kind.TRANSFORM_JOB: "transform_jobs",
        Kind.INFERENCE_COMPONENT: "inference_components",
        Kind.MODEL_PACKAGE: "model_packages",
        Kind.PROCESSING_JOB: "processing_jobs",
        Kind.TUNING_JOB: "tuning_jobs",
        Kind.PIPELINE_EXECUTION: "pipeline_executions",
    }
    assert all(entry.parse_summary.__module__ == entry.resource_type.__module__ for entry in KINDS.values())


def fill(sandbox: Sandbox) -> None:
    """One of each kind, called scorer."""
    sandbox.clock.freeze()
    make_models(sandbox, "scorer")
    variant = {"VariantName": "all", "ModelName": "scorer", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    hosting = {**variant, "VariantName": "hosts"}
    del hosting["ModelName"]
    make(
        sandbox,
        "CreateEndpointConfig",
        EndpointConfigName="scorer",
        ProductionVariants=[variant, hosting],
        ExecutionRoleArn=EXECUTION_ROLE,
    )
    make(sandbox, "CreateEndpoint", EndpointName="scorer", EndpointConfigName="scorer")
    sandbox.advance(600)
    make(sandbox, "CreateInferenceComponent", **component_request("scorer", "scorer", "scorer"))
    make(
        sandbox,
        "CreateTrainingJob",
        TrainingJobName="scorer",
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/any",
        AlgorithmSpecification={"TrainingImage": "scorer:1", "TrainingInputMode": "File"},
        OutputDataConfig={"S3OutputPath": "s3://models/"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
    )
    make_transform_job(sandbox, "scorer", "scorer")
    make(sandbox, "CreateModelPackage", ModelPackageName="scorer")
    make(sandbox, "CreateProcessingJob", **processing_request("scorer", EXECUTION_ROLE))
    make(sandbox, "CreateHyperParameterTuningJob", **tuning_request("scorer", EXECUTION_ROLE, "s3://models/"))


@pytest.mark.parametrize("kind", LISTED_KINDS)
async def test_rows_and_descriptions_over_the_wire_are_of_the_same_thing(
    sandbox: Sandbox, calls: AwsClient, kind: Kind
) -> None:
    fill(sandbox)
    spelling = API_NAMES[kind]
    rows = (await calls.call(spelling.list_operation, **dict(spelling.list_parameters)))[spelling.list_key]
    (row,) = (row for row in rows if row[spelling.arn_key].endswith("/scorer"))
    asked = {spelling.name_key: "scorer", **dict(spelling.describe_parameters)}
    answer = await calls.call(spelling.describe_operation, **asked)
    listed, described = (
        KINDS[kind].parse_summary(row, provenance()),
        KINDS[kind].parse_description(answer, provenance()),
    )
    assert listed.kind is described.kind is kind
    assert listed.detail is None
    assert described.detail is not None
    for resource in (listed, described):
        assert (resource.name, resource.arn) == ("scorer", arn(spelling.arn_type, "scorer"))
        assert (resource.scope, resource.account_id, resource.region) == ("scope-1", ACCOUNT, REGION)
        assert resource.as_of == NOON
    assert listed.creation_time is not None
    assert listed.creation_time == described.creation_time


OPERATIONS = [
    *(spelling.list_operation for spelling in API_NAMES.values()),
    *(spelling.describe_operation for spelling in API_NAMES.values()),
    "DescribeModelPackage",
    "ListMonitoringExecutions",
]


def test_every_word_in_capitals_is_a_member_or_a_value_of_the_service_model() -> None:
    known = {word for operation in OPERATIONS for word in _words(output_shape(operation), set())}
    known |= {*OPERATIONS, *(spelling.prefix for spelling in API_NAMES.values())}
    known |= {word for names in API_NAMES.values() for pair in names.list_parameters for word in pair}
    known |= {word for names in API_NAMES.values() for pair in names.describe_parameters for word in pair}
    known |= {word for names in API_NAMES.values() for word in (names.parent_key, *names.bound_keys) if word}
    own = {
        "Detail",
        "ResourceT",
        RolloutStrategy.ROLLING.value,
        *(member.value for words in (Kind, JobType, LinkType) for member in words),
    }
    used = {word: place for word, place in _literals() if word not in own}
    assert len(used) > 60
    assert {word: place for word, place in used.items() if word not in known} == {}


def _words(shape: Shape, seen: set[str]) -> Iterator[str]:
    """The names of all members below a shape, and the values of its enums."""
    if shape.name in seen:
        return
    seen.add(shape.name)
    if isinstance(shape, StructureShape):
        yield from shape.members
        for member in shape.members.values():
            yield from _words(member, seen)
    elif isinstance(shape, ListShape):
        yield from _words(shape.member, seen)
    elif isinstance(shape, MapShape):
        yield from _words(shape.value, seen)
    elif isinstance(shape, StringShape):
        yield from shape.enum


def _literals() -> Iterator[tuple[str, str]]:
    """Each string of the readers that looks like one of SageMaker's words, and where it stands."""
    (folder,) = kinds.__path__
    for path in sorted(Path(folder).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            value: Any = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and re.fullmatch(r"[A-Z][A-Za-z0-9]+", value):
                yield value, f"{path.name}:{node.lineno}"  # type: ignore[attr-defined]  # every constant has a line
