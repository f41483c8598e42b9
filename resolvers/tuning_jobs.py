"""Tuning jobs: the training jobs that each has started, the best of them, and the tuner of a training job."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aws.client.errors import AWSError
from aws.inventory.job_facts import TunedJobs
from aws.inventory.listings import order_key
from aws.kinds.kind import Kind
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.tuning_jobs import TuningJob
from resolvers.lists.connections import Connection, ListCompleteness, PageArguments
from resolvers.lists.pages import page_of_scan
from resolvers.lookups import with_detail, with_details
from resolvers.views.resource_view import ResourceView, Viewed, viewed, viewed_or_error

DescribedJobs = Sequence[TrainingJob | AWSError] | AWSError
"""The training jobs of a tuning job, each described or its error; or the error of their list."""


async def training_jobs(view: ResourceView, tuners: Sequence[TuningJob], page: PageArguments) -> Sequence[object]:
    """A batch function: a page of the training jobs that each of the tuners has started; None if it is gone.

    One listing for each tuning job, and a description of each job that is shown. The newest come first.
    """
    listed = await view.inventory.job_facts.tuned_jobs(tuners)
    pages = [_page(view, tuner.name, listed[tuner.name], page) for tuner in tuners]
    rows = [node.value for connection in pages if isinstance(connection, Connection) for node in connection.nodes]
    shown = iter(await with_details(view, rows))
    return [
        replace(connection, nodes=tuple(viewed(view, next(shown)) for _ in connection.nodes))
        if isinstance(connection, Connection)
        else connection
        for connection in pages
    ]


def _page(
    view: ResourceView, name: str, listed: TunedJobs | AWSError | None, page: PageArguments
) -> Connection[Viewed[TrainingJob]] | Exception | None:
    if listed is None or isinstance(listed, AWSError):
        return listed
    rows = sorted(listed, key=order_key, reverse=True)
    seen = min((row.as_of for row in rows), default=None)
    return page_of_scan(view, rows, ("TuningJob.trainingJobs", name), page, ListCompleteness(len(rows), 0, seen))


async def described_tuned_jobs(view: ResourceView, tuners: Sequence[TuningJob]) -> Mapping[str, DescribedJobs]:
    """Every training job that each of the tuners has started, by the tuner's name; jobs that are gone are left out."""
    listed = await view.inventory.job_facts.tuned_jobs(tuners)
    rows = [row for jobs in listed.values() if isinstance(jobs, tuple) for row in jobs]
    described = dict(zip((row.name for row in rows), await with_detail(view, rows), strict=True))
    return {
        name: jobs if isinstance(jobs, AWSError) else _readable([described[row.name] for row in jobs or ()])
        for name, jobs in listed.items()
    }


def _readable(described: Sequence[object]) -> Sequence[TrainingJob | AWSError]:
    return [job for job in described if isinstance(job, TrainingJob | AWSError)]


async def best_training_jobs(view: ResourceView, tuners: Sequence[TuningJob]) -> Sequence[object]:
    """A batch function: the training job with the best objective of each of the tuners; None for none, or one gone."""
    whole = await with_detail(view, tuners)
    names = [job.detail.best_training_job_name if isinstance(job, TuningJob) and job.detail else None for job in whole]
    return await _named(view, Kind.TRAINING_JOB, whole, names)


async def tuners_of(view: ResourceView, jobs: Sequence[TrainingJob]) -> Sequence[object]:
    """A batch function: the tuning job that has started each training job; None for none, or one that is gone."""
    whole = await with_detail(view, jobs)
    names = [job.detail.tuning_job_name if isinstance(job, TrainingJob) and job.detail else None for job in whole]
    return await _named(view, Kind.TUNING_JOB, whole, names)


async def _named(
    view: ResourceView, kind: Kind, parents: Sequence[object], names: Sequence[str | None]
) -> Sequence[object]:
    """The resource of each name; if the parent could not be read, its error."""
    described = await view.inventory.describe(kind, dict.fromkeys(name for name in names if name))
    return [
        parent if isinstance(parent, AWSError) else viewed_or_error(view, described[name]) if name else None
        for parent, name in zip(parents, names, strict=True)
    ]
