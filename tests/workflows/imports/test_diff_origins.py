"""workflows.imports.diff: the versions, pipeline executions, tuning and processing jobs that a model has come of."""

import pytest

from aws.client.errors import ThrottledError
from registry.enums import ElementChange, ElementKind
from sandbox.sagemaker.store import MODEL_PACKAGE
from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, RISK
from tests.sagemaker_builder import building, processing_step, registering_step, training_step, tuning_step
from tests.workflows.imports.group_scope import scope_on
from tests.workflows.imports.test_diff import known, look
from workflows.imports.diff import ImportDiff

ORIGINS = {
    ElementKind.MODEL_PACKAGE,
    ElementKind.PIPELINE_EXECUTION,
    ElementKind.PROCESSING_JOB,
    ElementKind.TUNING_JOB,
}
"""The kinds of what a model has come of, beside its training jobs."""


@pytest.fixture
def pipelined(sandbox: Sandbox) -> str:
    """A model of the version that an execution registered; gives the id of that execution."""
    steps = (
        processing_step("prepare"),
        {**tuning_step("Search"), "DependsOn": ["prepare"]},
        {**training_step(), "DependsOn": ["Search"]},
        processing_step("evaluate", "train"),
        registering_step("scorers", "train"),
    )
    with building(sandbox) as made:
        made.call_at("CreateModelPackageGroup", ModelPackageGroupName="scorers")
        execution = made.execution("Scorers", *steps)
        made.processing("apart")
        made.model("scorer", PrimaryContainer={"ModelPackageName": RISK.arn("model-package", "scorers/1")})
    sandbox.calls.clear()
    return execution


def origins(diff: ImportDiff) -> dict[str, tuple[str, str | None]]:
    """What the model has come of: the kind and the match of each, by its name."""
    return {item.name: (item.kind.value, item.match) for item in diff.seen if item.kind in ORIGINS}


async def test_what_a_model_has_come_of_is_read_without_a_list(sandbox: Sandbox, pipelined: str) -> None:
    """Its version, the execution that registered that, and the jobs of its steps; each is described once."""
    async with scope_on(sandbox) as scope:
        diff = await look(scope)
        again = await look(scope, *map(known, diff.seen))
    assert origins(diff) == {
        "scorers/1": ("MODEL_PACKAGE", None),
        f"scorers/execution/{pipelined}": ("PIPELINE_EXECUTION", None),
        f"pipelines-{pipelined}-prepare": ("PROCESSING_JOB", "PIPELINE"),
        f"pipelines-{pipelined}-evaluate": ("PROCESSING_JOB", "PIPELINE"),
        f"pipelines-{pipelined}-Search": ("TUNING_JOB", "PIPELINE"),
    }
    assert ("TRAINING_JOB", "MODEL_PACKAGE") in {(item.kind.value, item.match) for item in diff.seen}
    assert (diff.problems, diff.vanished) == ((), ())
    assert {change.change for change in again.changes} == {ElementChange.UNCHANGED}
    calls = sandbox.calls.by_operation()
    # The tuning job's name has an upper-case letter, which its ARN does not tell: it is looked up in its list.
    new = {name: calls[name] for name in calls if any(word in name for word in ("Tuning", "Processing", "Pi", "Pack"))}
    assert new == {
        "DescribeModelPackage": 1,
        "ListPipelineExecutionSteps": 1,
        "DescribePipelineExecution": 1,
        "DescribeProcessingJob": 2,
        "DescribeHyperParameterTuningJob": 2,
        "ListHyperParameterTuningJobs": 1,
    }


async def test_a_decision_about_the_version_changes_it(sandbox: Sandbox, pipelined: str) -> None:
    arn = RISK.arn("model-package", "scorers/1")
    async with scope_on(sandbox) as scope:
        before = list(map(known, (await look(scope)).seen))
    sandbox.call("UpdateModelPackage", RISK.account, RISK.region, ModelPackageArn=arn, ModelApprovalStatus="Approved")
    async with scope_on(sandbox) as scope:
        after = await look(scope, *before)
    changed = [change.name for change in after.changes if change.change is not ElementChange.UNCHANGED]
    assert changed == ["scorers/1"]


@pytest.mark.parametrize(
    ("operation", "missing"),
    [
        ("DescribePipelineExecution", {"PIPELINE_EXECUTION", "PROCESSING_JOB", "TUNING_JOB"}),
        ("ListPipelineExecutionSteps", {"PIPELINE_EXECUTION", "PROCESSING_JOB", "TUNING_JOB"}),
        ("DescribeProcessingJob", {"PROCESSING_JOB"}),
        ("DescribeHyperParameterTuningJob", {"TUNING_JOB"}),
        ("DescribeModelPackage", {"MODEL_PACKAGE", "PIPELINE_EXECUTION", "PROCESSING_JOB", "TUNING_JOB"}),
    ],
)
async def test_an_origin_that_is_refused_is_a_problem_and_has_not_vanished(
    sandbox: Sandbox, pipelined: str, operation: str, missing: set[str]
) -> None:
    """It is told under a kind that older gateways know; the import goes on."""
    async with scope_on(sandbox) as scope:
        before = list(map(known, (await look(scope)).seen))
    sandbox.faults.refuse(operation)
    async with scope_on(sandbox) as scope:
        diff = await look(scope, *before)
    whole = {"MODEL_PACKAGE", "PIPELINE_EXECUTION", "PROCESSING_JOB", "TUNING_JOB"}
    assert {kind for kind, _ in origins(diff).values()} == whole - missing
    assert {(problem.kind, problem.code) for problem in diff.problems} == {(ElementKind.TRAINING_JOB, "FORBIDDEN")}
    assert all(operation in problem.message for problem in diff.problems)
    assert (diff.vanished, diff.transient_error) == ((), None)


async def test_a_throttled_origin_is_tried_again(
    sandbox: Sandbox, pipelined: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aws.client.rate_limit._MIN_RATE", 1e6)
    sandbox.faults.throttle("ListPipelineExecutionSteps", times=100)
    async with scope_on(sandbox) as scope:
        diff = await look(scope)
    assert isinstance(diff.transient_error, ThrottledError)


async def test_an_origin_that_is_gone_has_vanished(sandbox: Sandbox, pipelined: str) -> None:
    async with scope_on(sandbox) as scope:
        before = list(map(known, (await look(scope)).seen))
    records = sandbox.sagemaker.account_region(RISK.account, RISK.region).records(MODEL_PACKAGE)
    version = records.get("scorers/1")
    assert version is not None
    records.remove(version)
    async with scope_on(sandbox) as scope:
        diff = await look(scope, *before)
    # Without the version nothing leads to the rest, which is there still.
    assert [element.name for element in diff.vanished] == ["scorers/1"]


async def test_a_version_of_another_account_is_named_by_its_arn(sandbox: Sandbox) -> None:
    """By its name another one would be described, or none."""
    with building(sandbox) as made:
        made.call_at("CreateModelPackageGroup", ModelPackageGroupName="shared")
        own = made.call_at("CreateModelPackage", ModelPackageGroupName="shared")["ModelPackageArn"]
        # As an account's policy lets another one read it.
        record = sandbox.sagemaker.account_region(RISK.account, RISK.region).records(MODEL_PACKAGE).get("shared/1")
        assert record is not None
        record.arn = record.facts["ModelPackageArn"] = arn = own.replace(RISK.account, MARKETING.account)
        made.model("scorer", PrimaryContainer={"ModelPackageName": arn})
    async with scope_on(sandbox) as scope:
        diff = await look(scope)
        assert (await look(scope, *map(known, diff.seen))).vanished == ()
    (version,) = [item for item in diff.seen if item.kind is ElementKind.MODEL_PACKAGE]
    assert (version.name, version.stored["name"]) == (arn, "shared/1")
