"""resolvers.jobs: the models of a job, and that "there is none" is said only where nothing was hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from aws.errors import AccessDeniedError, AWSError, UnavailableError
from aws.inventory.scans import Scan
from aws.kinds import Kind
from aws.resources import Artifact, Model, ModelDetail, TrainingJob, TransformJob
from aws.statuses import JobStatus
from resolvers.errors import ScanBoundError
from resolvers.jobs import execution_seconds, model_names
from tests.registry.making import NOON, minutes_after_noon
from tests.workflows.imports.test_copies import RESOURCES

ARTIFACT = "s3://bucket/m.tar.gz"
MODEL = cast(Model, RESOURCES[0])
TRAINED, USED = cast(TrainingJob, RESOURCES[3]), cast(TransformJob, RESOURCES[4])
REFUSED = AccessDeniedError("No.", operation="DescribeModel")
DOWN = UnavailableError("AWS is down.", operation="ListModels")


def model(name: str, artifact: str = ARTIFACT) -> Model:
    """A model of one container."""
    detail = cast(ModelDetail, MODEL.detail)
    container = replace(detail.containers[0], artifacts=(Artifact(artifact, prefix=False),))
    return replace(MODEL, name=name, detail=replace(detail, containers=(container,)))


def trained(**detail: Any) -> TrainingJob:
    """A training job that has left something else."""
    assert TRAINED.detail is not None
    return replace(TRAINED, detail=replace(TRAINED.detail, **detail))


def scan(*models: Model, refusal: AWSError | None = None, whole: bool = True) -> Scan:
    """Every model, as far as it could be read."""
    refused = ("hidden",) if refusal else ()
    return Scan(models, refused, minutes_after_noon(1) if whole else None, NOON, refusal)


class Known:
    """An inventory; keeps which kinds were scanned."""

    def __init__(self, models: Scan | AWSError) -> None:
        self._models = models
        self.scanned: list[Kind] = []

    async def describe_rows(self, rows: Sequence[Any]) -> Mapping[str, Any]:
        return {row.name: row for row in rows}

    async def scan(self, kind: Kind) -> Scan:
        self.scanned.append(kind)
        if isinstance(self._models, AWSError):
            raise self._models
        return self._models

    async def packages(self, _names: Any) -> Mapping[str, Any]:
        return {}


async def names(known: Known, *jobs: TrainingJob | TransformJob) -> Sequence[Any]:
    """The models of each job."""
    view: Any = SimpleNamespace(inventory=known)
    return await model_names(view, jobs)


async def test_a_transform_job_names_its_model_itself() -> None:
    """No model is looked at for it, and nothing that hides models hides this one."""
    known = Known(DOWN)
    assert await names(known, USED) == [("churn",)]
    assert known.scanned == []


async def test_a_training_job_has_made_whatever_has_its_artifact() -> None:
    """Also where others are hidden; all jobs of a level take one scan."""
    known = Known(scan(model("a"), model("b"), model("other", "s3://bucket/else.tar.gz"), refusal=REFUSED))
    found = await names(known, TRAINED, USED, TRAINED)
    assert [sorted(each) for each in found] == [["a", "b"], ["churn"], ["a", "b"]]
    assert known.scanned == [Kind.MODEL]


@pytest.mark.parametrize(
    ("models", "doubt"),
    [
        (scan(model("other", "s3://bucket/else.tar.gz")), None),
        (scan(model("other", "s3://bucket/else.tar.gz"), refusal=REFUSED), AccessDeniedError),
        (scan(model("other", "s3://bucket/else.tar.gz"), whole=False), ScanBoundError),
        (DOWN, UnavailableError),
    ],
)
async def test_that_there_is_none_is_said_only_where_nothing_was_hidden(
    models: Scan | AWSError, doubt: type[Exception] | None
) -> None:
    """A job that has left nothing has made no model, whatever could not be seen."""
    nothing = trained(model_artifacts_s3_uri=None)
    made, left_nothing = await names(Known(models), TRAINED, nothing)
    assert left_nothing == ()
    assert made == () if doubt is None else isinstance(made, doubt)


@pytest.mark.parametrize(
    ("status", "start", "end", "seconds"),
    [
        (JobStatus.COMPLETED, NOON, minutes_after_noon(5), 300.0),
        (JobStatus.IN_PROGRESS, NOON, None, 540.0),
        (JobStatus.STOPPING, NOON, None, 540.0),
        (JobStatus.STOPPING, NOON, minutes_after_noon(5), 300.0),
        # Of one that has ended without a time nobody can tell; nor of one that has not started.
        (JobStatus.FAILED, NOON, None, None),
        (JobStatus.IN_PROGRESS, None, None, None),
        # Clocks differ: no job runs less than no time.
        (JobStatus.STOPPED, minutes_after_noon(5), NOON, 0.0),
        (JobStatus.IN_PROGRESS, minutes_after_noon(10), None, 0.0),
        (JobStatus.COMPLETED, NOON, NOON + timedelta(milliseconds=1), 0.001),
    ],
)
def test_how_long_a_job_runs(
    status: JobStatus, start: datetime | None, end: datetime | None, seconds: float | None
) -> None:
    job = trained(start_time=start)
    assert job.detail is not None
    assert execution_seconds(replace(job, status=status, end_time=end), job.detail, minutes_after_noon(9)) == seconds
