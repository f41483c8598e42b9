"""resolvers.views.stored_copies: a copy is read whole, or as far as it can be, whatever stands in it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from aws.client.errors import UnavailableError
from aws.kinds import models as aws_models
from aws.kinds import resource as aws_resource
from aws.kinds import runtimes as aws_runtimes
from aws.kinds import training_jobs as aws_training_jobs
from aws.kinds import transform_jobs as aws_transform_jobs
from aws.kinds.kind import Kind
from aws.kinds.resource import Tag
from aws.kinds.statuses import JobStatus, RuntimeStatus
from registry.enums import ElementKind
from registry.records import ImportedElement
from resolvers.views.stored_copies import element_resource, element_tags, unreadable_copy
from tests.registry import samples
from workflows.imports.stored_copies import stored_copy

READ = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
MODEL = aws_models.Model(
    scope="live",
    name="Churn",
    arn="arn:aws:sagemaker:us-east-2:111111111111:model/churn",
    account_id="111111111111",
    region="us-east-2",
    creation_time=samples.MONDAY,
    as_of=READ,
    detail=aws_models.ModelDetail(
        execution_role_arn="arn:role",
        containers=(
            aws_models.Container(
                scope="live",
                image="image",
                mode=None,
                model_data_url=None,
                model_package_name=None,
                hostname=None,
                environment_values=(("TOKEN", "s3cr3t"),),
            ),
        ),
        network=aws_resource.Network(isolated=False, subnets=("a",), security_group_ids=()),
    ),
)
STORED = stored_copy(MODEL, [Tag("team", "risk")])


def element(stored: Any, kind: ElementKind = ElementKind.MODEL) -> ImportedElement:
    return replace(
        samples.ELEMENT,
        kind=kind,
        name="Churn",
        arn=f"arn:aws:sagemaker:us-east-2:111111111111:{kind.value}/churn",
        stored=stored,
    )


def test_a_whole_copy() -> None:
    """All but secrets, which are not kept; it carries the key that it was read under, and when AWS was last asked."""
    resource = element_resource(element(STORED), "copies")
    assert MODEL.detail is not None
    container = replace(MODEL.detail.containers[0], scope="copies", environment_values=(("TOKEN", ""),))
    assert resource == replace(
        MODEL,
        scope="copies",
        as_of=samples.ELEMENT.last_seen_at,
        detail=replace(MODEL.detail, containers=(container,)),
    )
    assert element_tags(element(STORED)) == (Tag("team", "risk"),)


@pytest.mark.parametrize("detail", [5, [], {}, {"network": None}, {**STORED["detail"], "containers": "none"}])  # type: ignore[dict-item]  # A copy is JSON.
def test_a_detail_that_cannot_be_read_is_left_out(detail: Any) -> None:
    resource = element_resource(element({**STORED, "detail": detail}), "copies")
    assert resource == replace(MODEL, scope="copies", as_of=samples.ELEMENT.last_seen_at, detail=None)


@pytest.mark.parametrize("kind", ElementKind)
@pytest.mark.parametrize("stored", [{}, {"anything": 1}, {"name": 5, "detail": {}, "raw_status": 7, "tags": 5}])
def test_of_a_copy_that_cannot_be_read_the_row_is_told(kind: ElementKind, stored: Any) -> None:
    imported_element = element(stored, kind)
    resource = element_resource(imported_element, "copies")
    assert (resource.kind, resource.name, resource.arn, resource.scope) == (
        Kind[kind.name],
        "Churn",
        imported_element.arn,
        "copies",
    )
    assert (resource.creation_time, resource.as_of, resource.detail) == (
        imported_element.created_at,
        imported_element.last_seen_at,
        None,
    )
    assert (resource.account_id, resource.region) == ("111111111111", "us-east-2")
    if isinstance(resource, aws_runtimes.Runtime):
        assert (resource.status, resource.raw_status) == (RuntimeStatus.UNKNOWN, "Unknown")
    if isinstance(resource, aws_training_jobs.TrainingJob | aws_transform_jobs.TransformJob):
        assert (resource.status, resource.raw_status) == (JobStatus.UNKNOWN, "Unknown")
    assert isinstance(element_tags(imported_element), UnavailableError)


def test_a_status_is_told_even_then() -> None:
    resource = element_resource(element({"raw_status": "InService"}, ElementKind.RUNTIME), "copies")
    assert isinstance(resource, aws_runtimes.Runtime)
    assert (resource.status, resource.raw_status) == (RuntimeStatus.IN_SERVICE, "InService")


def test_tags_that_were_not_read() -> None:
    labels = element_tags(element({**STORED, "tags": None}))
    assert isinstance(labels, UnavailableError)
    assert labels.operation == "ListTags"


def test_why_there_is_no_detail() -> None:
    error = unreadable_copy(Kind.TRAINING_JOB, "t")
    assert error.operation == "DescribeTrainingJob"
    assert str(error) == (
        "The stored copy of the training job `t` was made by another version of the gateway, which this one cannot "
        "read; sync the registration once AWS answers."
    )
