"""Answers of the kind descriptors: settled states, revisions, links."""

from aws.kinds.catalog import KINDS, AnyResource, is_settled, is_unsettled_job, link_keys, links
from aws.kinds.descriptor import COMPONENT_HOST_KEY, Link, LinkType
from aws.kinds.kind import Kind
from aws.kinds.snapshots import Snapshot
from aws.kinds.statuses import JobStatus, RuntimeStatus
from tests.aws.inventory.describe_cache_harness import WHERE, job, model, runtime, transform
from tests.aws.sandbox_account import NOON, arn, provenance


def test_what_is_settled() -> None:
    settled: list[AnyResource] = [
        model(),
        Snapshot(**WHERE, name="a", creation_time=NOON),
        runtime(),
        job(),
        transform(),
    ]
    assert all(is_settled(resource) for resource in settled)
    assert not is_settled(runtime(RuntimeStatus.DELETING))
    assert not is_settled(job(JobStatus.UNKNOWN))


def test_only_jobs_end_by_themselves() -> None:
    running: list[AnyResource] = [
        job(JobStatus.IN_PROGRESS),
        transform(status=JobStatus.STOPPING),
        job(JobStatus.UNKNOWN),
    ]
    assert all(is_unsettled_job(resource) for resource in running)
    assert not any(is_unsettled_job(item) for item in (model(), job(), transform(), runtime(RuntimeStatus.CREATING)))


def test_a_transform_job_that_has_not_begun_will_change_unseen() -> None:
    assert KINDS[Kind.TRANSFORM_JOB].changes_unseen(transform(status=JobStatus.IN_PROGRESS, began=None))
    assert not KINDS[Kind.TRANSFORM_JOB].changes_unseen(transform(status=JobStatus.IN_PROGRESS))
    assert not KINDS[Kind.TRAINING_JOB].changes_unseen(job(JobStatus.IN_PROGRESS))


def test_what_is_not_described_has_no_links() -> None:
    rows = (model(), Snapshot(**WHERE, name="a", creation_time=NOON), runtime(), job())
    assert [links(row) for row in rows] == [()] * 4


def test_links_of_a_model_and_of_the_jobs_around_it_meet() -> None:
    answer = {
        "ModelName": "churn",
        "ModelArn": arn("model", "churn"),
        "Containers": [
            {"ModelDataUrl": "https://s3.us-east-2.amazonaws.com/b/out/model.tar.gz"},
            {"ModelDataUrl": "s3://b/many", "Mode": "MultiModel"},
            {"ModelPackageName": "arn:package"},
        ],
    }
    assert links(KINDS[Kind.MODEL].parse_description(answer, provenance())) == (
        Link(LinkType.MODEL_NAME, "churn"),
        Link(LinkType.ARTIFACT, "s3://b/out/model.tar.gz"),
        Link(LinkType.ARTIFACT, "s3://b/many"),
        Link(LinkType.FOLDER, "s3://b/many/"),
        Link(LinkType.MODEL_PACKAGE, "arn:package"),
    )
    training = {
        "TrainingJobName": "fit",
        "TrainingJobArn": arn("training-job", "fit"),
        "TrainingJobStatus": "Completed",
        "ModelArtifacts": {"S3ModelArtifacts": "s3://b/many/m.tar.gz"},
        "OutputModelPackageArn": "arn:package",
    }
    assert links(KINDS[Kind.TRAINING_JOB].parse_description(training, provenance())) == (
        Link(LinkType.ARTIFACT, "s3://b/many/m.tar.gz"),
        Link(LinkType.FOLDER, "s3://b/"),
        Link(LinkType.FOLDER, "s3://b/many/"),
        Link(LinkType.FOLDER, "s3://b/many/m.tar.gz/"),
        Link(LinkType.MODEL_PACKAGE, "arn:package"),
    )
    assert links(transform()) == (Link(LinkType.MODEL_NAME, "m"),)


def test_links_of_snapshots_and_runtimes() -> None:
    config = {
        "EndpointConfigName": "churn-1",
        "EndpointConfigArn": arn("endpoint-config", "churn-1"),
        "ProductionVariants": [
            {"VariantName": "a", "ModelName": "churn"},
            {"VariantName": "b", "InstancePools": [{"InstanceType": "x", "Priority": 1, "ModelNameOverride": "alt"}]},
        ],
        "ShadowProductionVariants": [{"VariantName": "s", "ModelName": "churn"}],
    }
    snapshot = KINDS[Kind.SNAPSHOT].parse_description(config, provenance())
    assert links(snapshot) == (Link(LinkType.MODEL_NAME, "churn"), Link(LinkType.MODEL_NAME, "alt"))
    endpoint = {
        "EndpointName": "live",
        "EndpointArn": arn("endpoint", "live"),
        "EndpointStatus": "InService",
        "EndpointConfigName": "churn-1",
    }
    described = KINDS[Kind.RUNTIME].parse_description(endpoint, provenance())
    assert links(described) == (Link(LinkType.SNAPSHOT_NAME, "churn-1"),)
    assert link_keys(described, LinkType.MODEL_NAME) == ()
    of_components = KINDS[Kind.RUNTIME].parse_description(endpoint | {"EndpointConfigName": None}, provenance())
    assert links(of_components) == (Link(LinkType.COMPONENT_HOST, COMPONENT_HOST_KEY),)
