"""aws.links.job_matching: which job belongs to which model, and why; the index finds the same as a scan."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws.kinds.catalog import AnyJob
from aws.kinds.statuses import JobStatus
from aws.kinds.training_jobs import TrainingJob, TrainingJobDetail
from aws.kinds.transform_jobs import TransformJob, TransformJobDetail
from aws.links.job_matching import Footprint, JobIndex, MatchReason, ModelIndex
from aws.s3_uris import artifact_key, parent_folders

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
PACKAGE = "arn:aws:sagemaker:eu-west-1:222222222222:model-package/p/1"


def training(name: str, artifact: str | None, package: str | None = None) -> TrainingJob:
    detail = TrainingJobDetail(
        failure_reason=None,
        start_time=None,
        inputs=(),
        output_s3_uri=None,
        instance_type=None,
        instance_count=None,
        training_image=None,
        role_arn=None,
        model_artifacts_s3_uri=artifact,
        output_model_package_arn=package,
        billable_seconds=None,
        hyper_parameter_values=(),
        final_metrics=(),
    )
    return TrainingJob(
        scope="s",
        name=name,
        arn=f"arn:{name}",
        account_id="1",
        region="r",
        creation_time=MOMENT,
        as_of=MOMENT,
        detail=detail,
        status=JobStatus.COMPLETED,
        raw_status="Completed",
        end_time=None,
        last_modified_time=None,
        secondary_status=None,
    )


def transform(name: str, model: str) -> TransformJob:
    detail = TransformJobDetail(
        failure_reason=None,
        start_time=None,
        inputs=(),
        output_s3_uri=None,
        instance_type=None,
        instance_count=None,
        model_name=model,
        batch_strategy=None,
        max_concurrent_transforms=None,
        environment_values=(),
    )
    return TransformJob(
        scope="s",
        name=name,
        arn=f"arn:{name}",
        account_id="1",
        region="r",
        creation_time=MOMENT,
        as_of=MOMENT,
        detail=detail,
        status=JobStatus.COMPLETED,
        raw_status="Completed",
        end_time=None,
        last_modified_time=None,
    )


def footprint(
    name: str = "m",
    exact: Sequence[str] = (),
    prefixes: Sequence[str] = (),
    packages: Sequence[str] = (),
    package_artifacts: Sequence[str] = (),
) -> Footprint:
    return Footprint(
        name,
        frozenset(exact),
        tuple(prefixes),
        frozenset(packages),
        frozenset(package_artifacts),
        refusals=(),
    )


@pytest.mark.parametrize(
    ("of", "job", "reason"),
    [
        (footprint("m"), transform("j", "m"), MatchReason.MODEL_NAME),
        (footprint("m"), transform("j", "M"), None),
        (footprint(exact=["s3://b/m.tar.gz"]), training("j", "s3://b/m.tar.gz"), MatchReason.EXACT_ARTIFACT),
        (footprint(exact=["s3://b/m"]), training("j", "s3://b/m/"), MatchReason.EXACT_ARTIFACT),
        (footprint(exact=["s3://b/m.tar.gz"]), training("j", "s3://b/M.tar.gz"), None),
        (footprint(exact=["s3://b/m.tar.gz"]), training("j", None), None),
        (footprint(exact=[""]), training("j", None), None),
        (footprint(prefixes=["s3://b/many/"]), training("j", "s3://b/many/x/m.tar.gz"), MatchReason.ARTIFACT_PREFIX),
        (footprint(prefixes=["s3://b/many/"]), training("j", "s3://b/many/"), MatchReason.ARTIFACT_PREFIX),
        (footprint(prefixes=["s3://b/many/"]), training("j", "s3://b/many-more/m.tar.gz"), None),
        (footprint(packages=[PACKAGE]), training("j", None, PACKAGE), MatchReason.MODEL_PACKAGE),
        (footprint(package_artifacts=["s3://b/m"]), training("j", "s3://b/m"), MatchReason.MODEL_PACKAGE),
        (
            footprint(exact=["s3://b/m"], prefixes=["s3://b/m/"], packages=[PACKAGE]),
            training("j", "s3://b/m", PACKAGE),
            MatchReason.EXACT_ARTIFACT,
        ),
        (
            footprint(prefixes=["s3://b/"], packages=[PACKAGE]),
            training("j", "s3://b/x", PACKAGE),
            MatchReason.MODEL_PACKAGE,
        ),
    ],
)
def test_match(of: Footprint, job: AnyJob, reason: MatchReason | None) -> None:
    assert of.match(job) is reason
    assert dict(JobIndex([job]).jobs_of(of)) == ({job: reason} if reason else {})
    if isinstance(job, TrainingJob):
        assert ModelIndex([of]).models_of(job) == (("m",) if reason else ())


@pytest.mark.parametrize(
    ("uri", "same"),
    [
        ("s3://b/k", "s3://b/k"),
        ("s3://b/k/", "s3://b/k"),
        ("https://s3.eu-west-1.amazonaws.com/b/k", "s3://b/k"),
        ("https://b.s3.eu-west-1.amazonaws.com/k", "s3://b/k"),
        ("https://b.s3.amazonaws.com/k%20k", "s3://b/k k"),
        ("", ""),
    ],
)
def test_addresses_are_compared_in_one_spelling(uri: str, same: str) -> None:
    assert artifact_key(uri) == same


def test_folders() -> None:
    assert list(parent_folders("s3://b/x/m.tar.gz")) == ["s3://b/", "s3://b/x/", "s3://b/x/m.tar.gz/"]


PATHS = st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1, max_size=3).map(lambda parts: "s3://" + "/".join(parts))
FOOTPRINTS = st.builds(
    footprint,
    st.sampled_from(["m1", "m2", "m3"]),
    st.lists(PATHS, max_size=2),
    st.lists(PATHS.map(lambda path: f"{path}/"), max_size=2),
    st.lists(st.sampled_from([PACKAGE, "other"]), max_size=1),
    st.lists(PATHS, max_size=1),
)
JOBS = st.lists(
    st.builds(training, st.just("t"), st.none() | PATHS, st.sampled_from([None, PACKAGE]))
    | st.builds(transform, st.just("x"), st.sampled_from(["m1", "m2"])),
    max_size=6,
)


@given(JOBS, FOOTPRINTS)
def test_the_index_of_jobs_finds_what_looking_at_each_would(resources: list[AnyJob], of: Footprint) -> None:
    jobs = [_renamed(job, number) for number, job in enumerate(resources)]
    assert dict(JobIndex(jobs).jobs_of(of)) == {job: reason for job in jobs if (reason := of.match(job))}


@given(JOBS, st.lists(FOOTPRINTS, max_size=4))
def test_the_index_of_models_finds_what_looking_at_each_would(resources: list[AnyJob], prints: list[Footprint]) -> None:
    index = ModelIndex(prints)
    for job in resources:
        if isinstance(job, TrainingJob):
            assert index.models_of(job) == tuple(
                sorted({footprint.name for footprint in prints if footprint.match(job)})
            )


def _renamed(job: AnyJob, number: int) -> AnyJob:
    if isinstance(job, TrainingJob) and job.detail:
        return training(f"t{number}", job.detail.model_artifacts_s3_uri, job.detail.output_model_package_arn)
    assert isinstance(job, TransformJob)
    assert job.detail is not None
    return transform(f"x{number}", job.detail.model_name)


def test_training_jobs_by_the_addresses_of_artifacts() -> None:
    """A folder of several jobs names none; that of one job's output names the job."""
    uncompressed = "s3://out/x/large/output/model"
    footprint = Footprint(
        name="m",
        exact=frozenset({"s3://out/x/b/output/model.tar.gz", "s3://out/repacked.tar.gz", uncompressed}),
        prefixes=(f"{uncompressed}/",),
        packages=frozenset({PACKAGE}),
        package_artifacts=frozenset({"s3://out/x/a/output/model.tar.gz"}),
        refusals=(),
    )
    assert (footprint.training_job_names, footprint.loads_many) == (("a", "b", "large"), False)
    shared = Footprint("m", frozenset({"s3://out/x"}), ("s3://out/x/",), frozenset(), frozenset(), ())
    assert (shared.training_job_names, shared.loads_many) == ((), True)
