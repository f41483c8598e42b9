"""resolvers.tuning_jobs: what each tuning job has started, the best of it, and the way back."""

from collections.abc import Sequence
from typing import Any

import pytest

from aws.client.errors import AccessDeniedError, ThrottledError
from aws.kinds.kind import Kind
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.tuning_jobs import TuningJob
from resolvers.errors import BadInputError
from resolvers.lists.connections import Connection, PageArguments
from resolvers.tuning_jobs import best_training_jobs, described_tuned_jobs, training_jobs, tuners_of
from resolvers.views.resource_view import LiveView, Viewed
from sandbox.sagemaker.store import TRAINING_JOB
from sandbox.sagemaker.timeline import Outcome
from sandbox.sagemaker.tuning_jobs import training_job_name
from sandbox.server import Sandbox
from tests.aws.sandbox_account import GROUP, arn, make
from tests.resolvers.lists.account_view import AccountView
from tests.sagemaker_builder import building

LIST = "ListTrainingJobsForHyperParameterTuningJob"


def started(number: int, tuner: str = "tune") -> str:
    """The name of a training job of a tuning job."""
    return training_job_name(arn("hyper-parameter-tuning-job", tuner), tuner, number)


@pytest.fixture
def tuned(sandbox: Sandbox) -> Sandbox:
    """`tune` with three training jobs, of which the second is the best; `plain` with one; and one that nobody tuned."""
    for number, score in ((1, 0.5), (2, 0.9), (3, 0.7)):
        sandbox.timeline.decide_outcome(TRAINING_JOB, started(number), Outcome(metrics={"auc": score}))
    with building(sandbox, GROUP) as things:
        things.tuning("tune", jobs=3)
        things.tuning("plain", jobs=1)
        things.training("alone")
    sandbox.calls.clear()
    return sandbox


async def jobs(view: LiveView, kind: Kind, *names: str) -> list[Any]:
    found = await view.inventory.describe(kind, names)
    return [found[name] for name in names]


async def tuners(view: LiveView, *names: str) -> list[TuningJob]:
    return await jobs(view, Kind.TUNING_JOB, *names)


async def page(view: LiveView, tuner: TuningJob, first: int = 10, after: str | None = None) -> Connection[Any]:
    (connection,) = await training_jobs(view, [tuner], PageArguments(first, after))
    assert isinstance(connection, Connection)
    return connection


def names(nodes: Sequence[Any]) -> list[str]:
    return [node.value.name for node in nodes]


async def test_all_that_several_have_started_newest_first(tuned: Sandbox, live_account: AccountView) -> None:
    view = live_account.request()
    both = await tuners(view, "tune", "plain")
    tuned.calls.clear()
    many, one = await training_jobs(view, both, PageArguments(10, None))
    assert isinstance(many, Connection)
    assert isinstance(one, Connection)
    # They were started at one moment, and are told apart by name.
    assert sorted(names(many.nodes)) == sorted(started(number) for number in (1, 2, 3))
    assert names(many.nodes) == sorted(names(many.nodes), reverse=True)
    assert (names(one.nodes), one.total_count, one.unreadable_count) == ([started(1, "plain")], 1, 0)
    assert (many.total_count, many.complete_as_of is not None) == (3, True)
    assert all(node.value.detail for node in (*many.nodes, *one.nodes))
    assert tuned.calls.by_operation() == {LIST: 2, "DescribeTrainingJob": 4}


async def test_only_what_is_shown_is_described(tuned: Sandbox, live_account: AccountView) -> None:
    view = live_account.request()
    (tuner,) = await tuners(view, "tune")
    tuned.calls.clear()
    seen, after = list[str](), None
    for size in (2, 1):
        shown = await page(view, tuner, 2, after)
        assert (len(shown.nodes), shown.page_info.has_next_page) == (size, size == 2)
        seen, after = seen + names(shown.nodes), shown.page_info.end_cursor
        assert tuned.calls.count("DescribeTrainingJob") == len(seen)
    assert sorted(seen) == sorted(started(number) for number in (1, 2, 3))
    assert tuned.calls.count(LIST) == 1


async def test_a_cursor_of_another_tuning_job_is_no_place_here(tuned: Sandbox, live_account: AccountView) -> None:
    view = live_account.request()
    one, other = await tuners(view, "tune", "plain")
    cursor = (await page(view, one, 1)).page_info.end_cursor
    (told,) = await training_jobs(view, [other], PageArguments(1, cursor))
    assert isinstance(told, BadInputError)


async def test_a_list_that_is_gone_refused_or_throttled_takes_no_other_along(
    tuned: Sandbox, live_account: AccountView
) -> None:
    view = live_account.request()
    both = await tuners(view, "tune", "plain")
    make(tuned, "DeleteHyperParameterTuningJob", HyperParameterTuningJobName="tune")
    gone, kept = await training_jobs(view, both, PageArguments(10, None))
    assert gone is None
    assert isinstance(kept, Connection)
    assert (await described_tuned_jobs(view, both))["tune"] == []
    for kind, error in (("refuse", AccessDeniedError), ("throttle", ThrottledError)):
        tuned.faults.clear()
        getattr(tuned.faults, kind)(LIST, name="plain")
        tuned.advance(1_000)
        later = live_account.request()
        absent, failed = await training_jobs(later, both, PageArguments(10, None))
        assert (absent, type(failed)) == (None, error)
        assert isinstance((await described_tuned_jobs(later, both))["plain"], error)


async def test_a_job_that_may_not_be_described_is_shown_as_its_row_and_told_as_refused(
    tuned: Sandbox, live_account: AccountView
) -> None:
    view = live_account.request()
    (tuner,) = await tuners(view, "tune")
    tuned.faults.refuse("DescribeTrainingJob", name=started(1))
    shown = await page(view, tuner)
    undetailed = [node.value.name for node in shown.nodes if node.value.detail is None]
    assert (undetailed, shown.total_count) == ([started(1)], 3)
    told = (await described_tuned_jobs(view, [tuner]))["tune"]
    assert isinstance(told, Sequence)
    assert [type(job) for job in told].count(AccessDeniedError) == 1
    assert {job.name for job in told if isinstance(job, TrainingJob)} == {started(2), started(3)}


async def test_jobs_that_are_gone_are_left_out(tuned: Sandbox, live_account: AccountView) -> None:
    view = live_account.request()
    (tuner,) = await tuners(view, "tune")
    make(tuned, "DeleteTrainingJob", TrainingJobName=started(1))
    told = (await described_tuned_jobs(view, [tuner]))["tune"]
    assert isinstance(told, Sequence)
    assert {job.name for job in told if isinstance(job, TrainingJob)} == {started(2), started(3)}
    assert len(told) == 2


async def test_the_best_of_each_and_the_tuner_of_each(tuned: Sandbox, live_account: AccountView) -> None:
    view = live_account.request()
    both = await tuners(view, "tune", "plain")
    best, none = await best_training_jobs(view, both)
    assert isinstance(best, Viewed)
    assert (best.value.name, none) == (started(2), None)
    trained = await jobs(view, Kind.TRAINING_JOB, started(1), "alone", started(1, "plain"))
    first, nobody, third = await tuners_of(view, trained)
    assert isinstance(first, Viewed)
    assert isinstance(third, Viewed)
    assert (first.value.name, nobody, third.value.name) == ("tune", None, "plain")


async def test_a_best_one_or_a_tuner_that_is_gone_or_refused(tuned: Sandbox, live_account: AccountView) -> None:
    view = live_account.request()
    (tuner,) = await tuners(view, "tune")
    (trained,) = await jobs(view, Kind.TRAINING_JOB, started(3))
    make(tuned, "DeleteTrainingJob", TrainingJobName=started(2))
    make(tuned, "DeleteHyperParameterTuningJob", HyperParameterTuningJobName="tune")
    tuned.advance(2_000)
    later = live_account.request()
    assert await best_training_jobs(later, [tuner]) == [None]
    assert await tuners_of(later, [trained]) == [None]
    for operation in ("DescribeTrainingJob", "DescribeHyperParameterTuningJob"):
        tuned.faults.refuse(operation)
    tuned.advance(2_000)
    denied = live_account.request()
    (best,) = await best_training_jobs(denied, [tuner])
    (back,) = await tuners_of(denied, [trained])
    assert [type(told) for told in (best, back)] == [AccessDeniedError] * 2
