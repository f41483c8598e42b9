"""workflows.imports.stored_copies: resources of every kind come back as what they were, but for secrets."""

import json
import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aws.kinds.catalog import AnyResource
from aws.kinds.jobs import JobInput
from aws.kinds.models import Container, ContainerLoading, Model, ModelDataSource, ModelDetail
from aws.kinds.resource import Network, Tag
from aws.kinds.runtimes import Runtime, RuntimeDetail
from aws.kinds.snapshots import Snapshot, SnapshotDetail
from aws.kinds.statuses import JobStatus, RuntimeStatus
from aws.kinds.training_jobs import FinalMetric, TrainingJob, TrainingJobDetail
from aws.kinds.transform_jobs import TransformJob, TransformJobDetail
from aws.kinds.variants import InstancePool, ManagedInstanceScaling, Variant, VariantHosting
from registry.enums import ElementKind
from registry.stored_digests import stored_digest
from tests.registry.factories import NOON, minutes_after_noon
from workflows.imports.errors import UnreadableCopyError
from workflows.imports.stored_copies import (
    element_kind_of,
    resource_from_copy,
    stored_copy,
    summary_from_copy,
    tags_from_copy,
)

WHERE: dict[str, Any] = {
    "scope": "live",
    "name": "churn",
    "arn": "arn:aws:sagemaker:eu-west-1:111111111111:thing/churn",
    "account_id": "111111111111",
    "region": "eu-west-1",
    # A creation time has a millisecond more than JSON's own numbers would keep.
    "creation_time": NOON + timedelta(microseconds=123_000),
    "as_of": minutes_after_noon(1),
}
NETWORK = Network(isolated=True, subnets=("a", "b"), security_group_ids=())
JOB: dict[str, Any] = {
    "failure_reason": None,
    "start_time": NOON,
    "inputs": (JobInput("train", "s3://bucket/in/", "text/csv"),),
    "output_s3_uri": "s3://bucket/out/",
    "instance_type": "ml.m5.large",
    "instance_count": 2,
}
ENDED: dict[str, Any] = {"status": JobStatus.STOPPED, "raw_status": "Stopped", "end_time": NOON}
SOURCE = ModelDataSource("draft", "s3://bucket/draft/", "S3Prefix", "None", True)
LOADING = ContainerLoading("large", "Vpc", None, (SOURCE,), None)
CONTAINER = Container("live", "image", None, "s3://bucket/m.tar.gz", None, None, (), (("TOKEN", "s3cr3t"),), LOADING)
POOL = InstancePool("live", "ml.m5.large", 1, "churn")
HOSTING = VariantHosting("RANDOM", ManagedInstanceScaling(True, 1, 4), ssm_access=True)
VARIANT = Variant("live", "v1", "churn", "ml.m5.large", 1, 0.5, None, (POOL,), None, HOSTING)
RESOURCES: list[AnyResource] = [
    Model(**WHERE, detail=ModelDetail("arn:role", (CONTAINER,), NETWORK)),
    Snapshot(**WHERE, detail=SnapshotDetail((VARIANT,), (), ("churn",), None, None, NETWORK, None, None)),
    Runtime(
        **WHERE,
        status=RuntimeStatus.UNKNOWN,
        raw_status="Melting",
        last_modified_time=None,
        detail=RuntimeDetail("churn-1", "churn-2", "No capacity.", (), None),
    ),
    TrainingJob(
        **WHERE,
        **ENDED,
        last_modified_time=NOON,
        secondary_status="Stopped",
        detail=TrainingJobDetail(
            **JOB,
            training_image="image",
            role_arn=None,
            model_artifacts_s3_uri="s3://bucket/m.tar.gz",
            output_model_package_arn=None,
            billable_seconds=3,
            hyper_parameter_values=(("depth", "s3cr3t"),),
            final_metrics=(),
        ),
    ),
    TransformJob(
        **WHERE,
        **ENDED,
        last_modified_time=None,
        detail=TransformJobDetail(
            **JOB,
            model_name="churn",
            batch_strategy=None,
            max_concurrent_transforms=4,
            environment_values=(("TOKEN", "s3cr3t"),),
        ),
    ),
]


def kept(resource: AnyResource, *tags: Tag) -> dict[str, Any]:
    """A copy, as a database gives it back."""
    result: dict[str, Any] = json.loads(json.dumps(stored_copy(resource, tags)))
    return result


def as_copied(resource: Any) -> Any:
    """The resource as its copy has it: read through another scope, at another time, and without secrets."""
    detail = resource.detail
    match resource:
        case Model():
            containers = (replace(CONTAINER, scope="copies", environment_values=(("TOKEN", ""),)),)
            detail = replace(detail, containers=containers)
        case Snapshot():
            variants = (replace(VARIANT, scope="copies", instance_pools=(replace(POOL, scope="copies"),)),)
            detail = replace(detail, variants=variants)
        case TrainingJob():
            detail = replace(detail, hyper_parameter_values=(("depth", ""),))
        case TransformJob():
            detail = replace(detail, environment_values=(("TOKEN", ""),))
    return replace(resource, scope="copies", as_of=minutes_after_noon(9), detail=detail)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.kind.name)
def test_a_resource_comes_back(resource: AnyResource) -> None:
    """What is read through another scope, or later, is the same copy; a secret is in none."""
    copied = kept(resource)
    assert resource_from_copy(element_kind_of(resource), copied, "copies", minutes_after_noon(9)) == as_copied(resource)
    assert kept(replace(resource, as_of=minutes_after_noon(30))) == copied
    assert "live" not in json.dumps(copied)
    assert "s3cr3t" not in json.dumps(copied)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.kind.name)
def test_a_summary_needs_no_readable_detail(resource: AnyResource) -> None:
    copied = {**kept(resource), "detail": {"of": "another version"}}
    kind = element_kind_of(resource)
    assert summary_from_copy(kind, copied, "copies", minutes_after_noon(9)) == replace(as_copied(resource), detail=None)
    with pytest.raises(UnreadableCopyError):
        resource_from_copy(kind, copied, "copies", minutes_after_noon(9))
    assert resource_from_copy(kind, {**copied, "detail": None}, "copies", minutes_after_noon(9)).detail is None


@pytest.mark.parametrize("value", [math.nan, -math.inf, "NaN", "Infinity"])
def test_a_number_of_an_old_copy_that_is_not_finite_is_none(value: object) -> None:
    copy = kept(RESOURCES[3])
    copy["detail"]["final_metrics"] = [{"name": "loss", "value": value, "at": None}]
    restored: Any = resource_from_copy(ElementKind.TRAINING_JOB, copy, "copies", NOON)
    assert restored.detail.final_metrics == (FinalMetric("loss", None, None),)


def test_what_an_unreadable_copy_holds_is_not_told() -> None:
    copied = {**kept(RESOURCES[0]), "account_id": ["s3cr3t"]}
    with pytest.raises(UnreadableCopyError) as raised:
        summary_from_copy(ElementKind.MODEL, copied, "copies", minutes_after_noon(9))
    assert str(raised.value) == "The copy was made by another version of the gateway."


def test_tags() -> None:
    """No tags are another thing than tags that were not read."""
    assert tags_from_copy(kept(RESOURCES[0], Tag("team", "risk"), Tag("empty", ""))) == (
        Tag("team", "risk"),
        Tag("empty", ""),
    )
    assert tags_from_copy(kept(RESOURCES[0])) == ()
    assert tags_from_copy(stored_copy(RESOURCES[0], None)) is None
    assert tags_from_copy({}) is None
    with pytest.raises(UnreadableCopyError):
        tags_from_copy({"tags": [["only a key"]]})


def test_a_copy_of_the_release_before_reads_as_one_without_later_parts() -> None:
    snapshot = next(resource for resource in RESOURCES if isinstance(resource, Snapshot))
    earlier = kept(snapshot)
    del earlier["detail"]["explainer_json"]
    for variant in earlier["detail"]["variants"]:
        del variant["variant_hosting"]
    plain = as_copied(snapshot)
    variants = tuple(replace(variant, variant_hosting=VariantHosting()) for variant in plain.detail.variants)
    plain = replace(plain, detail=replace(plain.detail, variants=variants))
    assert resource_from_copy(ElementKind.SNAPSHOT, earlier, "copies", minutes_after_noon(9)) == plain
    assert stored_digest(earlier) == stored_digest(kept(snapshot))
