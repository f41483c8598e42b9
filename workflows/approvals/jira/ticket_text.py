"""Text of tickets, with links to the deployment in GraphiQL."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from aws.console_urls import console_url
from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import Kind
from aws.kinds.snapshots import Snapshot
from aws.kinds.variants import Variant
from registry.deployment_records import Deployment, TestResult
from registry.enums import DeploymentStepName, StepState
from workflows.approvals.backend import UNKNOWN_AUTHOR
from workflows.approvals.jira.config import JiraConfig
from workflows.approvals.jira.markup import TextLine

_PATH: Final = "/graphql"
# GraphiQL opens with it and does not send it: the reader sends it, as themselves.
DEPLOYMENT_QUERY: Final = """\
query Deployment($id: ID!) {
  deployment(id: $id) {
    state
    reason
    group
    snapshotName
    runtimeName
    startedBy
    steps {
      name
      state
      detail
    }
    testResult {
      passed
    }
    decision {
      outcome
      by
      comment
    }
  }
}"""
"""The query that GraphiQL opens with."""


def deployment_link(gateway_url: str, deployment_id: str) -> str:
    """The address of GraphiQL with the deployment's query in the editor; the reader has to send it.

    All but letters, digits and `_.-~` is percent-encoded in the added part, so that no markup of Jira's ends the link.

    Args:
        gateway_url: The address at which people reach the gateway: its root, under any path, or its /graphql.
        deployment_id: The deployment's id.
    """
    parts = urlsplit(gateway_url)
    path = parts.path.rstrip("/").removesuffix(_PATH) + _PATH
    variables = json.dumps({"id": deployment_id}, separators=(",", ":"))
    query = f"query={quote(DEPLOYMENT_QUERY, safe='')}&variables={quote(variables, safe='')}"
    return parts._replace(path=path, query=query, fragment="").geturl()


@dataclass(frozen=True, slots=True)
class TicketSubject:
    """The subject of a ticket, read once.

    Attributes:
        deployment: The deployment.
        snapshot: Its snapshot as SageMaker describes it; None if that could not be had.
        models: The models that the registry knows it by, each with its ARN.
        gateway_url: The address at which people reach the gateway; None if the settings do not say.
    """

    deployment: Deployment
    snapshot: Snapshot | None
    models: Sequence[tuple[str, str]]
    gateway_url: str | None


def approval_text(subject: TicketSubject, config: JiraConfig) -> tuple[str, list[TextLine]]:
    """The summary and the text of a ticket on the subject that asks for a decision, by the configured statuses."""
    deployment = subject.deployment
    refuse = f"or to {_join_or(config.rejected)} to refuse." if config.rejected else "cancelDeployment refuses it."
    how = (
        f"Move this ticket to {_join_or(config.approved)} to launch it, {refuse} "
        "It is this snapshot alone that is approved: one made again under its name is asked for anew."
    )
    return f"Approve the deployment of {deployment.snapshot_name} for {deployment.group}", [
        TextLine(how),
        *_fact_lines(subject),
    ]


def failure_text(subject: TicketSubject) -> tuple[str, list[TextLine]]:
    """The summary and the text of a ticket on the subject that reports a failure."""
    deployment = subject.deployment
    reason = TextLine(deployment.reason or "The gateway knows no reason.", "Reason")
    remedy = TextLine(
        "Nothing waits for this ticket; close it when it is read. retryDeployment begins the deployment again."
    )
    summary = f"The deployment of {deployment.snapshot_name} for {deployment.group} has failed"
    return summary, [reason, remedy, *_fact_lines(subject)]


def originator_may_not_decide(by: str) -> TextLine:
    """The comment on a ticket that was decided by a person, `by`, who brought its deployment about."""
    return TextLine(
        f"{by} caused this deployment, so somebody else must decide: move the ticket back, and let another "
        "person move it."
    )


def duplicate_text(key: str) -> TextLine:
    """The comment on a ticket that was filed a second time, with the key of the first one."""
    return TextLine(
        f"This is {key} once more, filed while the answer to the first was lost. Look there; this one does not count."
    )


def _fact_lines(subject: TicketSubject) -> Iterator[TextLine]:
    deployment = subject.deployment
    for name, arn in subject.models:
        yield TextLine(name, "Model", console_url(API_NAMES[Kind.MODEL].console_path, arn, deployment.region, name))
    snapshot = subject.snapshot
    yield TextLine(deployment.snapshot_name, "Snapshot", None if snapshot is None else snapshot.console_url)
    yield from _variant_lines(snapshot)
    if deployment.runtime_name is not None:
        yield TextLine(deployment.runtime_name, "Runtime")
    for step in deployment.steps:
        if step.name is DeploymentStepName.APPROVE and step.state is StepState.RUNNING and step.detail is not None:
            yield TextLine(step.detail, "Endpoint")
        if step.job_name is not None:
            yield TextLine(step.job_name, "Transform job", _job_url(subject, step.job_name))
        if step.name is DeploymentStepName.VERIFY and step.detail is not None:
            yield TextLine(step.detail, "Asked again")
    yield from _asset_lines(deployment)
    yield from _result_lines(deployment.test_result)
    yield TextLine(f"{deployment.started_by}, {deployment.started_at:%Y-%m-%d %H:%M} UTC", "Started by")
    yield TextLine(deployment.snapshot_author or UNKNOWN_AUTHOR, "Snapshot made by")
    yield TextLine(f"{deployment.trigger.value}", "Trigger")
    yield TextLine(f"{deployment.group}, account {deployment.account_id}, {deployment.region}", "Group")
    gateway = subject.gateway_url
    yield TextLine(deployment.id, "Deployment", None if gateway is None else deployment_link(gateway, deployment.id))


def _job_url(subject: TicketSubject, name: str) -> str | None:
    """The console's page of a transform job, in the partition of the deployment's models."""
    arn = next((arn for _, arn in subject.models), "arn:aws:sagemaker")
    return console_url(API_NAMES[Kind.TRANSFORM_JOB].console_path, arn, subject.deployment.region, name)


def _asset_lines(deployment: Deployment) -> Iterator[TextLine]:
    """The assets as they were verified."""
    for asset in deployment.assets:
        place = "" if asset.s3_uri is None else f", {asset.s3_uri}"
        fingerprint = asset.fingerprint or "not readable when it was verified"
        yield TextLine(f"{asset.name}{place} ({fingerprint})", f"Asset {asset.role.value}")


def _variant_lines(snapshot: Snapshot | None) -> Iterator[TextLine]:
    if snapshot is None or snapshot.detail is None:
        yield TextLine("SageMaker did not tell them when this was written.", "Variants")
        return
    for variant in snapshot.detail.variants:
        yield TextLine(_variant_text(variant), f"Variant {variant.name}")
    for variant in snapshot.detail.shadow_variants:
        yield TextLine(_variant_text(variant), f"Shadow variant {variant.name}")


def _variant_text(variant: Variant) -> str:
    parts = [variant.model_name or "inference components"]
    if variant.serverless is not None:
        parts.append(f"serverless with {variant.serverless.memory_size_in_mb} MB")
    if variant.instance_type is not None:
        parts.append(f"{variant.initial_instance_count or 1} of {variant.instance_type}")
    parts += [f"{pool.instance_type} (priority {pool.priority})" for pool in variant.instance_pools]
    if variant.initial_weight is not None:
        parts.append(f"weight {variant.initial_weight:g}")
    return ", ".join(parts)


def _result_lines(result: TestResult | None) -> Iterator[TextLine]:
    if result is None:
        yield TextLine("There was no rehearsal.", "Test result")
        return
    job = f", by the transform job {result.job_name}" if result.job_name else ""
    yield TextLine(f"{'passed' if result.passed else 'not passed'}{job}", "Test result")
    for check in result.checks:
        outcome = "passed" if check.passed else "not passed"
        expected = "" if check.expected is None else f", expected {check.expected}"
        actual = "" if check.actual is None else f", came {check.actual}"
        yield TextLine(f"{outcome}{expected}{actual}", f"Check {check.name}")


def _join_or(names: Sequence[str]) -> str:
    return " or ".join(names)
