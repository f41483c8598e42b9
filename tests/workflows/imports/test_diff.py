"""workflows.imports.diff: what a look means, held against what was known; only what AWS says is gone is gone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aws.client.errors import AccessDeniedError, AWSError, CredentialsRejectedError, ThrottledError, UnavailableError
from aws.scopes import OpenScope
from registry.elements import KnownElement, SeenElement
from registry.enums import ElementChange, ElementKind
from registry.stored_digests import stored_digest
from sandbox.server import Sandbox
from tests.gateway_client import RISK
from tests.sagemaker_builder import START, building
from tests.workflows.imports.group_scope import scope_on
from workflows.imports.diff import ImportDiff, code_of, diff_model
from workflows.imports.target import ImportTarget, existing_model

DESCRIBES = ("DescribeEndpointConfig", "DescribeEndpoint", "DescribeTrainingJob", "DescribeTransformJob")


async def look(scope: OpenScope, *known: KnownElement, **changed: Any) -> ImportDiff:
    """A look at the model `scorer`."""
    model = await existing_model(scope.reader, "scorer")
    return await diff_model(scope.reader, replace(ImportTarget(model), **changed), known)


def known(seen: SeenElement) -> KnownElement:
    """An element as the registry knows it once it was seen."""
    return KnownElement(
        key=seen.name,
        kind=seen.kind,
        name=seen.name,
        arn=seen.arn,
        created_at=seen.created_at,
        match=seen.match,
        digest=stored_digest(seen.stored),
        vanished=False,
    )


def job(name: str) -> KnownElement:
    """A transform job that was seen a while before everything that is there."""
    arn = f"arn:aws:sagemaker:{RISK.region}:{RISK.account}:transform-job/{name}"
    at = START - timedelta(days=1)
    return known(SeenElement(kind=ElementKind.TRANSFORM_JOB, name=name, arn=arn, created_at=at, stored={}))


def changes(findings: ImportDiff) -> list[tuple[str, ElementChange]]:
    """What is found about each, by its name."""
    return [(change.name, change.change) for change in findings.changes]


def described(sandbox: Sandbox) -> Sequence[int]:
    """How often each kind was asked for by name."""
    return [sandbox.calls.count(operation) for operation in DESCRIBES]


async def test_a_first_look(account: Sandbox) -> None:
    """The model comes first, and each job says why it belongs to it."""
    async with scope_on(account) as scope:
        diff = await look(scope)
    assert [(element.kind.value, element.name, element.match) for element in diff.seen] == [
        ("MODEL", "scorer", None),
        ("SNAPSHOT", "scorer-snapshot", None),
        ("RUNTIME", "scorer-runtime", None),
        ("TRAINING_JOB", "train", "EXACT_ARTIFACT"),
        ("TRANSFORM_JOB", "batch", "MODEL_NAME"),
    ]
    assert changes(diff) == [(item.name, ElementChange.ADDED) for item in diff.seen]
    assert (diff.vanished, diff.problems, diff.transient_error) == ((), (), None)


async def test_what_was_known_is_unchanged_changed_or_back(account: Sandbox) -> None:
    """Another copy is a change, and so is another reason why a job belongs to it; what had vanished is new."""
    async with scope_on(account) as scope:
        model, snapshot, runtime, train, batch = map(known, (await look(scope)).seen)
        before = (
            model,
            replace(snapshot, digest="of another copy"),
            replace(runtime, vanished=True),
            replace(train, match="MODEL_PACKAGE"),
            batch,
        )
        again = await look(scope, *before)
    assert changes(again) == [
        ("scorer", ElementChange.UNCHANGED),
        ("scorer-snapshot", ElementChange.CHANGED),
        ("scorer-runtime", ElementChange.ADDED),
        ("train", ElementChange.CHANGED),
        ("batch", ElementChange.UNCHANGED),
    ]
    assert again.vanished == ()


async def test_only_what_aws_says_is_gone_has_vanished(account: Sandbox) -> None:
    """What the look has not shown is asked for by name, each once; a refusal is no proof, and a new one is another."""
    before = job("gone"), job("refused"), job("batch"), replace(job("gone-before"), vanished=True)
    account.faults.refuse("DescribeTransformJob", name="refused")
    async with scope_on(account) as scope:
        await look(scope)
        account.calls.clear()
        diff = await look(scope, *before)
    assert sorted(element.key for element in diff.vanished) == ["batch", "gone"]
    assert [change for change in changes(diff) if change[1] is not ElementChange.ADDED] == [
        ("gone", ElementChange.VANISHED),
        ("batch", ElementChange.VANISHED),
    ]
    assert ("batch", ElementChange.ADDED) in changes(diff)
    assert described(account) == [0, 0, 0, 3]


async def test_a_runtime_that_serves_other_models_by_now_has_vanished(account: Sandbox) -> None:
    async with scope_on(account) as scope:
        runtime = next(known(element) for element in (await look(scope)).seen if element.kind is ElementKind.RUNTIME)
    move = {"EndpointName": "scorer-runtime", "EndpointConfigName": "other-snapshot"}
    account.call("UpdateEndpoint", RISK.account, RISK.region, **move)
    account.advance(600)
    async with scope_on(account) as scope:
        assert [item.name for item in (await look(scope, runtime)).vanished] == ["scorer-runtime"]
    account.faults.refuse("DescribeEndpointConfig", name="other-snapshot")
    async with scope_on(account) as scope:
        # Nobody can tell which models it serves.
        assert (await look(scope, runtime)).vanished == ()


async def test_what_is_older_than_was_looked_at_is_not_asked_for(account: Sandbox) -> None:
    """What is younger would have been seen, if it were there."""
    with building(account) as made:
        made.transform("last", "scorer", at=START + timedelta(days=2))
    old = job("old")
    young = replace(job("young"), created_at=START + timedelta(days=3))
    async with scope_on(account, limits={"scan": 1}) as scope:
        diff = await look(scope, old, young)
    assert [element.name for element in diff.vanished] == ["young"]
    assert account.calls.count("DescribeTransformJob") == 2
    (problem,) = [item for item in diff.problems if item.kind is ElementKind.TRANSFORM_JOB]
    assert (problem.code, problem.count, problem.message) == (
        "LIMIT_EXCEEDED",
        1,
        "There are more transform jobs than one import looks through (`limits.scan`); older ones were left out.",
    )


async def test_of_a_model_that_has_its_name_now_nothing_is_taken_up(account: Sandbox) -> None:
    """Of one that is gone everything is, but the model itself; of one in whose place another is, what was its own."""
    async with scope_on(account) as scope:
        model, snapshot, *_ = map(known, (await look(scope)).seen)
        gone = await look(scope, snapshot, exists=False)
        assert [element.name for element in gone.seen] == ["scorer-snapshot", "scorer-runtime", "train", "batch"]
        replaced = await look(scope, snapshot, exists=False, is_replaced=True)
        assert changes(replaced) == [("scorer-snapshot", ElementChange.UNCHANGED)]
        assert model.name not in {item.name for item in replaced.seen}


async def test_what_may_be_answered_later_is_told_apart(account: Sandbox) -> None:
    """A kind that is refused is not waited for; one that does not answer may be."""
    account.faults.refuse("ListTransformJobs")
    async with scope_on(account) as scope:
        refused = await look(scope)
    (problem,) = refused.problems
    assert (problem.kind, problem.code, problem.count) == (ElementKind.TRANSFORM_JOB, "FORBIDDEN", 1)
    assert (RISK.role_arn or "") in problem.message
    assert refused.transient_error is None
    account.faults.clear()
    account.faults.fail("ListTransformJobs", status=503)
    async with scope_on(account) as scope:
        away = await look(scope)
    assert [(item.kind, item.code) for item in away.problems] == [(ElementKind.TRANSFORM_JOB, "UPSTREAM_UNAVAILABLE")]
    assert isinstance(away.transient_error, UnavailableError)
    assert away.transient_error.operation == "ListTransformJobs"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AccessDeniedError, "FORBIDDEN"),
        (ThrottledError, "THROTTLED"),
        (UnavailableError, "UPSTREAM_UNAVAILABLE"),
        (CredentialsRejectedError, "UPSTREAM_UNAVAILABLE"),
    ],
)
def test_the_word_for_why_aws_did_not_answer(error: type[AWSError], code: str) -> None:
    assert code_of(error("No.", operation="ListEndpoints")) == code


async def test_a_runtime_whose_inference_components_serve_the_model(account: Sandbox) -> None:
    """It belongs to the model; once its component serves another model it has vanished, and a refusal is no proof."""
    with building(account) as made:
        made.component_host("host", at=START + timedelta(days=2))
        made.component("component", "host", "scorer")
    async with scope_on(account) as scope:
        diff = await look(scope)
        host = next(known(element) for element in diff.seen if element.name == "host")
        assert (await look(scope, host)).vanished == ()
    needs = {"ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024}}
    other = {"InferenceComponentName": "component", "Specification": {"ModelName": "other", **needs}}
    account.call("UpdateInferenceComponent", RISK.account, RISK.region, **other)
    account.advance(600)
    async with scope_on(account) as scope:
        assert [item.name for item in (await look(scope, host)).vanished] == ["host"]
    account.faults.refuse("ListInferenceComponents")
    async with scope_on(account) as scope:
        refused = await look(scope, host)
    assert refused.vanished == ()
    assert [(problem.kind, problem.code, problem.count) for problem in refused.problems] == [
        (ElementKind.RUNTIME, "FORBIDDEN", 1)
    ]


async def test_a_component_that_serves_the_model(account: Sandbox) -> None:
    """It is an element until it serves another model or is gone; a refusal is no proof, and is said of its endpoint."""
    with building(account) as made:
        made.component_host("host", at=START + timedelta(days=2))
        made.component("component", "host", "scorer")
        made.component("elsewhere", "host", "other")
    async with scope_on(account) as scope:
        (seen,) = [element for element in (await look(scope)).seen if element.kind is ElementKind.INFERENCE_COMPONENT]
        component = known(seen)
        assert (seen.name, seen.match) == ("component", None)
        assert (await look(scope, component)).vanished == ()
    account.faults.refuse("DescribeInferenceComponent")
    async with scope_on(account) as scope:
        refused = await look(scope, component)
    assert refused.vanished == ()
    assert {problem.kind for problem in refused.problems} == {ElementKind.RUNTIME}
    account.faults.clear()
    needs = {"ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024}}
    other = {"InferenceComponentName": "component", "Specification": {"ModelName": "other", **needs}}
    account.call("UpdateInferenceComponent", RISK.account, RISK.region, **other)
    account.advance(600)
    async with scope_on(account) as scope:
        assert [item.name for item in (await look(scope, component)).vanished] == ["component"]
    account.call("DeleteInferenceComponent", RISK.account, RISK.region, InferenceComponentName="component")
    account.advance(600)
    async with scope_on(account) as scope:
        assert [item.name for item in (await look(scope, component)).vanished] == ["component"]


async def test_without_hosts_no_component_is_asked_for(account: Sandbox) -> None:
    async with scope_on(account) as scope:
        await look(scope)
    assert account.calls.count("ListInferenceComponents") == 0
