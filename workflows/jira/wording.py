"""What tickets say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aws.kinds import Kind
from aws.naming import console_url
from aws.resources import Snapshot, Variant
from registry.records import Deployment, TestResult
from registry.words import DeploymentStepName, StepState
from workflows.jira.desk import Desk
from workflows.jira.links import deployment_link
from workflows.jira.texts import Line


@dataclass(frozen=True, slots=True)
class Subject:
    """What a ticket is about, read once.

    Attributes:
        deployment: The deployment.
        snapshot: Its snapshot as SageMaker describes it; None where that could not be had.
        models: The models that the registry knows it by, with their ARNs.
        gateway_url: Where people reach the gateway; None where the settings do not say.
    """

    deployment: Deployment
    snapshot: Snapshot | None
    models: Sequence[tuple[str, str]]
    gateway_url: str | None


def asking(subject: Subject, desk: Desk) -> tuple[str, list[Line]]:
    """The summary and the text of a ticket that asks for a decision."""
    deployment = subject.deployment
    how = (
        f"Move this ticket to {_or(desk.approved)} to launch the snapshot, or to {_or(desk.rejected)} to refuse it. "
        "It is this snapshot alone that is approved: one made again under its name is asked for anew."
    )
    return f"Approve the deployment of {deployment.snapshot_name} for {deployment.group}", [Line(how), *_facts(subject)]


def telling(subject: Subject) -> tuple[str, list[Line]]:
    """The summary and the text of a ticket that tells of a failure."""
    deployment = subject.deployment
    reason = Line(deployment.reason or "The gateway knows no reason.", "Reason")
    remedy = Line(
        "Nothing waits for this ticket; close it when it is read. retryDeployment begins the deployment again."
    )
    summary = f"The deployment of {deployment.snapshot_name} for {deployment.group} has failed"
    return summary, [reason, remedy, *_facts(subject)]


def not_by_starter(by: str) -> Line:
    """What is said beneath a ticket that its deployment's starter has decided."""
    return Line(
        f"{by} started this deployment, so somebody else has to decide: move the ticket back, and let another person "
        "move it."
    )


def duplicate_of(key: str) -> Line:
    """What is said beneath a ticket that was filed a second time."""
    return Line(
        f"This is {key} once more, filed while the answer to the first was lost. Look there; this one does not count."
    )


def _facts(subject: Subject) -> Iterator[Line]:
    deployment = subject.deployment
    for name, arn in subject.models:
        yield Line(name, "Model", console_url(Kind.MODEL, arn, deployment.region, name))
    snapshot = subject.snapshot
    yield Line(deployment.snapshot_name, "Snapshot", None if snapshot is None else snapshot.console_url)
    yield from _variants(snapshot)
    if deployment.runtime_name is not None:
        yield Line(deployment.runtime_name, "Runtime")
    for step in deployment.steps:
        if step.name is DeploymentStepName.APPROVE and step.state is StepState.RUNNING and step.detail is not None:
            yield Line(step.detail, "Endpoint")
    yield from _result(deployment.test_result)
    yield Line(f"{deployment.started_by}, {deployment.started_at:%Y-%m-%d %H:%M} UTC", "Started by")
    yield Line(f"{deployment.trigger.value}", "Trigger")
    yield Line(f"{deployment.group}, account {deployment.account_id}, {deployment.region}", "Group")
    gateway = subject.gateway_url
    yield Line(deployment.id, "Deployment", None if gateway is None else deployment_link(gateway, deployment.id))


def _variants(snapshot: Snapshot | None) -> Iterator[Line]:
    if snapshot is None or snapshot.detail is None:
        yield Line("SageMaker did not tell them when this was written.", "Variants")
        return
    for variant in snapshot.detail.variants:
        yield Line(_variant(variant), f"Variant {variant.name}")
    for variant in snapshot.detail.shadow_variants:
        yield Line(_variant(variant), f"Shadow variant {variant.name}")


def _variant(variant: Variant) -> str:
    parts = [variant.model_name or "inference components"]
    if variant.serverless is not None:
        parts.append(f"serverless with {variant.serverless.memory_size_in_mb} MB")
    if variant.instance_type is not None:
        parts.append(f"{variant.initial_instance_count or 1} of {variant.instance_type}")
    parts += [f"{pool.instance_type} (priority {pool.priority})" for pool in variant.instance_pools]
    if variant.initial_weight is not None:
        parts.append(f"weight {variant.initial_weight:g}")
    return ", ".join(parts)


def _result(result: TestResult | None) -> Iterator[Line]:
    if result is None:
        yield Line("There was no rehearsal.", "Test result")
        return
    job = f", by the transform job {result.job_name}" if result.job_name else ""
    yield Line(f"{'passed' if result.passed else 'not passed'}{job}", "Test result")
    for check in result.checks:
        outcome = "passed" if check.passed else "not passed"
        expected = "" if check.expected is None else f", expected {check.expected}"
        actual = "" if check.actual is None else f", came {check.actual}"
        yield Line(f"{outcome}{expected}{actual}", f"Check {check.name}")


def _or(names: Sequence[str]) -> str:
    return " or ".join(names)
