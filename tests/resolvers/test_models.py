"""resolvers.models: what each of many models reaches, and of how much nobody can tell whether it does."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from aws.client.errors import AccessDeniedError
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.statuses import JobStatus, JobType
from aws.links.job_matching import MatchReason
from resolvers.errors import BadInputError
from resolvers.lists.connections import Connection, PageArguments
from resolvers.lists.filters import JobFilter, TagFilter, job_kinds
from resolvers.models import jobs, snapshots
from resolvers.serving_runtimes import runtimes
from resolvers.views.resource_view import LiveView
from sandbox.server import Sandbox
from tests.gateway_client import RISK
from tests.resolvers.harness import MutationHarness
from tests.sagemaker_builder import building

ALL, PAGE = JobFilter(), PageArguments(10, None)


@pytest.fixture(autouse=True)
def world(sandbox: Sandbox) -> None:
    """Two models in one snapshot, and each in one of its own; runtimes of them, jobs of both, and a third without."""
    with building(sandbox) as things:
        things.model("one", things.training("train-one"))
        things.model("two")
        things.model("idle")
        things.snapshot("of-one", "one")
        # Named twice by it, and still in it once.
        things.snapshot("of-both", "one", "two", "one")
        things.snapshot("of-two", "two")
        things.runtime("runs-one", "of-one")
        things.runtime("runs-both", "of-both")
        things.transform("batch-one", "one")
        things.transform("batch-two", "two", failure="ClientError: no")


@pytest.fixture
async def view(harness: MutationHarness) -> AsyncIterator[LiveView]:
    """Risk's SageMaker."""
    async with harness.request("ann", "risk") as request:
        yield await request.view()


async def models(view: LiveView, *names: str) -> list[Model]:
    """These models, as a listing shows them."""
    resource = (await view.inventory.describe(Kind.MODEL, ["one"]))["one"]
    assert isinstance(resource, Model)
    return [replace(resource, name=name, arn=RISK.arn("model", name), detail=None) for name in names]


def names(result: Sequence[object]) -> list[list[str]]:
    """The names on each page."""
    return [[node.name for node in connection(item).nodes] for item in result]


def connection(result: object) -> Connection[Any]:
    assert isinstance(result, Connection)
    return result


def standing(result: Sequence[object]) -> list[tuple[int | None, int]]:
    """How many there are in all on each list, and of how many more nobody can tell."""
    return [(connection(item).total_count, connection(item).unreadable_count) for item in result]


async def test_each_model_has_its_own_snapshots(view: LiveView, harness: MutationHarness) -> None:
    three = await models(view, "one", "idle", "two")
    harness.take_aws_calls()
    result = await snapshots(view, three, PAGE)
    assert names(result) == [["of-both", "of-one"], [], ["of-two", "of-both"]]
    assert standing(result) == [(2, 0), (0, 0), (2, 0)]
    # Asked for once, whatever the number of models.
    assert harness.take_aws_calls() == {"ListEndpointConfigs": 1, "DescribeEndpointConfig": 3}


async def test_each_model_has_its_own_runtimes(view: LiveView) -> None:
    result = await runtimes(view, await models(view, "one", "idle", "two"), PAGE)
    assert names(result) == [["runs-both", "runs-one"], [], ["runs-both"]]
    assert standing(result) == [(2, 0), (0, 0), (1, 0)]


async def test_a_snapshot_that_may_not_be_read_may_be_any_models(view: LiveView, harness: MutationHarness) -> None:
    """It counts once for its runtime too, which nobody can tell the models of."""
    harness.sandbox.faults.refuse("DescribeEndpointConfig", name="of-both")
    two = await models(view, "one", "idle")
    assert names(result := await snapshots(view, two, PAGE)) == [["of-one"], []]
    assert standing(result) == [(1, 1), (0, 1)]
    assert names(result := await runtimes(view, two, PAGE)) == [["runs-one"], []]
    assert standing(result) == [(1, 1), (0, 1)]


async def test_of_a_runtime_whose_snapshot_is_gone_nobody_can_tell(view: LiveView, harness: MutationHarness) -> None:
    harness.sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="of-both")
    result = await runtimes(view, await models(view, "one", "idle"), PAGE)
    assert (names(result), standing(result)) == ([["runs-one"], []], [(1, 1), (0, 1)])


async def test_jobs_have_their_reasons(view: LiveView) -> None:
    """A model that is gone meanwhile has none, and the others have theirs."""
    gone, one, two = await jobs(view, await models(view, "gone", "one", "two"), PAGE, ALL)
    assert gone is None
    assert [(edge.node.name, edge.match) for edge in connection(one).edges] == [
        ("batch-one", MatchReason.MODEL_NAME),
        ("train-one", MatchReason.EXACT_ARTIFACT),
    ]
    assert [(edge.node.name, edge.match) for edge in connection(two).edges] == [("batch-two", MatchReason.MODEL_NAME)]
    assert standing([one, two]) == [(2, 0), (1, 0)]


async def test_a_model_that_may_not_be_read_is_an_error_in_its_place(view: LiveView, harness: MutationHarness) -> None:
    value = await models(view, "two", "one")
    harness.sandbox.faults.refuse("DescribeModel", name="two")
    two, one = await jobs(view, value, PAGE, ALL)
    assert isinstance(two, AccessDeniedError)
    assert names([one]) == [["batch-one", "train-one"]]


@pytest.mark.parametrize(
    ("job_filter", "expected", "lists"),
    [
        (ALL, [["batch-one", "train-one"], ["batch-two"]], ["ListTrainingJobs", "ListTransformJobs"]),
        (JobFilter(type=JobType.TRAINING), [["train-one"], []], ["ListTrainingJobs"]),
        (JobFilter(type=JobType.TRANSFORM), [["batch-one"], ["batch-two"]], ["ListTransformJobs"]),
        (
            JobFilter(status=(JobStatus.FAILED,), type=JobType.TRANSFORM),
            [[], ["batch-two"]],
            ["ListTransformJobs"],
        ),
        (
            JobFilter(model_name="two", type=JobType.TRANSFORM),
            [[], ["batch-two"]],
            ["ListTransformJobs"],
        ),
    ],
)
async def test_jobs_by_filter(
    view: LiveView, harness: MutationHarness, job_filter: JobFilter, expected: list[list[str]], lists: list[str]
) -> None:
    """A kind that is not asked for is not listed."""
    two = await models(view, "one", "two")
    harness.take_aws_calls()
    result = await jobs(view, two, PAGE, job_filter)
    assert (names(result), standing(result)) == (expected, [(len(item), 0) for item in expected])
    assert sorted(name for name in harness.take_aws_calls() if name.startswith("List")) == lists


async def test_what_would_tell_and_may_not_be_read_is_counted(
    view: LiveView, harness: MutationHarness, sandbox: Sandbox
) -> None:
    """A package of the model's might have shown more jobs."""
    with building(sandbox) as things:
        things.call_at("CreateModelPackageGroup", ModelPackageGroupName="scorers")
        things.call_at("CreateModelPackage", ModelPackageGroupName="scorers")
        things.model("packaged", PrimaryContainer={"ModelPackageName": RISK.arn("model-package", "scorers") + "/1"})
        things.transform("batch-packaged", "packaged")
    sandbox.faults.refuse("DescribeModelPackage")
    value = await models(view, "packaged", "two")
    result = await jobs(view, value, PAGE, ALL)
    assert (names(result), standing(result)) == ([["batch-packaged"], ["batch-two"]], [(1, 1), (1, 0)])


async def test_a_job_whose_tags_may_not_be_read_may_pass_the_filter(view: LiveView, harness: MutationHarness) -> None:
    """It is counted, and not shown."""
    value = await models(view, "one", "idle")
    for operation in ("GetResources", "ListTags"):
        harness.sandbox.faults.refuse(operation)
    result = await jobs(view, value, PAGE, JobFilter(tags=(TagFilter("stage"),)))
    assert (names(result), standing(result)) == ([[], []], [(0, 2), (0, 0)])


async def test_a_filter_at_fault_asks_nobody(view: LiveView, harness: MutationHarness) -> None:
    value = await models(view, "one")
    harness.take_aws_calls()
    with pytest.raises(BadInputError, match=r"`filter\.createdAfter` needs an offset"):
        await jobs(view, value, PAGE, JobFilter(created_after=datetime(2026, 1, 1)))
    assert harness.take_aws_calls() == {}


@pytest.mark.parametrize("relation", [snapshots, runtimes, jobs])
async def test_a_cursor_is_good_for_its_model_and_its_filter(view: LiveView, relation: Any) -> None:
    """One of another list is the answer of that one alone."""
    two, more = await models(view, "one", "two"), [ALL] if relation is jobs else []
    first = connection((await relation(view, two, PageArguments(1, None), *more))[0])
    assert (first.page_info.has_next_page, first.total_count) == (True, 2)
    behind = PageArguments(1, first.page_info.end_cursor)
    own, rest = await relation(view, two, behind, *more)
    assert (names([own]), connection(own).page_info.has_next_page) == (
        [["of-one" if relation is snapshots else "runs-one" if relation is runtimes else "train-one"]],
        False,
    )
    assert isinstance(rest, BadInputError)
    if relation is jobs:
        (other,) = await jobs(view, two[:1], behind, JobFilter(name_contains="one"))
        assert isinstance(other, BadInputError)


def test_the_kinds_of_jobs() -> None:
    every = (Kind.TRAINING_JOB, Kind.TRANSFORM_JOB, Kind.PROCESSING_JOB, Kind.TUNING_JOB)
    assert job_kinds(JobFilter()) == every[:2]
    assert [job_kinds(JobFilter(type=type)) for type in JobType] == [(kind,) for kind in every]
    assert job_kinds(JobFilter(types=(JobType.TUNING, JobType.TRAINING, JobType.TUNING))) == (every[0], every[3])
    assert job_kinds(JobFilter(types=tuple(JobType))) == every


HOSTED = PageArguments(10, None)


async def test_runtimes_of_models_that_inference_components_serve(sandbox: Sandbox, view: LiveView) -> None:
    """Components are read only because a variant names no model; an adapter counts for the model of its base."""
    with building(sandbox) as things:
        things.component_host("host")
        things.component("of-two", "host", "idle", "two")
        adapter = {"Container": {"ArtifactUrl": "s3://b/a"}, "BaseInferenceComponentName": "of-two"}
        things.component("adapter", "host", Specification=adapter)
    result = await runtimes(view, await models(view, "one", "two", "idle"), HOSTED)
    assert names(result) == [["runs-both", "runs-one"], ["runs-both", "host"], ["host"]]
    assert all(connection(item).complete_as_of is not None for item in result)
    assert (sandbox.calls.count("ListInferenceComponents"), sandbox.calls.count("DescribeInferenceComponent")) == (1, 2)


async def test_no_inference_component_is_read_if_every_variant_names_a_model(sandbox: Sandbox, view: LiveView) -> None:
    await runtimes(view, await models(view, "one"), HOSTED)
    assert (sandbox.calls.count("ListInferenceComponents"), sandbox.calls.count("DescribeInferenceComponent")) == (0, 0)


@pytest.mark.parametrize("operation", ["ListInferenceComponents", "DescribeInferenceComponent"])
async def test_components_that_may_not_be_read_leave_it_open(sandbox: Sandbox, view: LiveView, operation: str) -> None:
    with building(sandbox) as things:
        things.component_host("host")
        things.component("of-idle", "host", "idle")
    sandbox.faults.refuse(operation)
    (result,) = map(connection, await runtimes(view, await models(view, "idle"), HOSTED))
    assert result.nodes == ()
    assert (result.total_count, result.unreadable_count, result.complete_as_of) == (None, 1, None)
