"""How SageMaker spells each kind, held against its service model."""

import pytest

from aws.client.operations import READ_OPERATIONS
from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import DEFAULT_JOB_KINDS, JOB_KINDS, LISTED_KINDS, Kind
from sandbox.sagemaker.store import KINDS as SANDBOX_KINDS
from tests.aws.service_model import input_members, output_shape, row_shape


def test_every_kind_is_spelled() -> None:
    assert list(API_NAMES) == list(Kind)
    names = ["Model", "Snapshot", "Runtime", "TrainingJob", "TransformJob", "InferenceComponent", "ModelPackage"]
    assert [kind.value for kind in Kind] == [*names, "ProcessingJob", "TuningJob", "PipelineExecution"]
    assert tuple(Kind)[:-1] == LISTED_KINDS
    assert DEFAULT_JOB_KINDS == (Kind.TRAINING_JOB, Kind.TRANSFORM_JOB)
    assert (*DEFAULT_JOB_KINDS, Kind.PROCESSING_JOB, Kind.TUNING_JOB) == JOB_KINDS


@pytest.mark.parametrize("kind", LISTED_KINDS)
def test_the_spelling_is_the_service_models(kind: Kind) -> None:
    spelling = API_NAMES[kind]
    row = row_shape(spelling.list_operation, spelling.list_key)
    described = output_shape(spelling.describe_operation)
    needed = {spelling.name_key, spelling.arn_key, "CreationTime"}
    if spelling.status_key is not None and kind is not Kind.INFERENCE_COMPONENT:
        needed.add(spelling.status_key)
    # A version has the name of its group in a description, and none in a row: the ARN names it.
    assert needed - ({spelling.name_key} if spelling.described_by_arn else set()) <= set(row.required_members)
    assert needed <= set(described.required_members)
    told = [name for name, _ in spelling.describe_parameters]
    assert list(input_members(spelling.describe_operation)) == [spelling.name_key, *told]
    asked = {
        *(name for name, _ in spelling.list_parameters),
        "SortBy",
        "SortOrder",
        "MaxResults",
        "NextToken",
        "NameContains",
        "CreationTimeAfter",
        "CreationTimeBefore",
    }
    assert asked <= set(input_members(spelling.list_operation))


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_without_status_key_has_no_status(kind: Kind) -> None:
    spelling = API_NAMES[kind]
    has_status = f"{spelling.prefix}Status" in output_shape(spelling.describe_operation).members
    assert (spelling.status_key is not None) == has_status


@pytest.mark.parametrize("kind", Kind)
def test_both_operations_are_in_the_table(kind: Kind) -> None:
    assert {API_NAMES[kind].list_operation, API_NAMES[kind].describe_operation} <= set(READ_OPERATIONS)


def test_the_spelling_of_executions_is_the_service_models() -> None:
    spelling = API_NAMES[Kind.PIPELINE_EXECUTION]
    row = row_shape(spelling.list_operation, spelling.list_key)
    assert {spelling.arn_key, spelling.status_key, "StartTime"} <= set(row.members)
    assert list(input_members(spelling.describe_operation)) == [spelling.describe_key]
    asked = {spelling.parent_key, *spelling.bound_keys, "SortBy", "SortOrder", "MaxResults", "NextToken"}
    assert asked == set(input_members(spelling.list_operation))


@pytest.mark.parametrize("kind", LISTED_KINDS)
def test_words_of_arns_and_errors_are_those_that_the_sandbox_answers_with(kind: Kind) -> None:
    spelling = API_NAMES[kind]
    (known,) = (other for other in SANDBOX_KINDS if other.prefix == spelling.prefix)
    assert (spelling.arn_type, spelling.noun) == (known.arn_type, known.word)


def test_console_pages() -> None:
    assert {kind: spelling.console_path for kind, spelling in API_NAMES.items()} == {
        Kind.MODEL: "models",
        Kind.SNAPSHOT: "endpointConfig",
        Kind.RUNTIME: "endpoints",
        Kind.TRAINING_JOB: "jobs",
        Kind.TRANSFORM_JOB: "transform-jobs",
        Kind.INFERENCE_COMPONENT: None,
        Kind.MODEL_PACKAGE: "model-packages",
        Kind.PROCESSING_JOB: "processing-jobs",
        Kind.TUNING_JOB: "hyper-tuning-jobs",
        Kind.PIPELINE_EXECUTION: None,
    }
