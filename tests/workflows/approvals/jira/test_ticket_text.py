"""workflows.approvals.jira.ticket_text: what tickets say of variants, results and models."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from graphql import parse, validate

from aws.kinds.resource import Network
from aws.kinds.snapshots import Snapshot, SnapshotDetail
from aws.kinds.variants import InstancePool, Serverless, Variant
from registry import deployment_records, deployment_steps
from registry.database import Database
from registry.deployment_records import Deployment, DeploymentScope
from registry.enums import DeploymentStepName
from registry.ids import encode_own_id, new_key
from sandbox.jira.server import JiraServer
from tests.contract.printed_schema import printed
from tests.registry.factories import NOON
from tests.workflows.approvals.jira.conftest import config_of
from tests.workflows.approvals.jira.pending_deployments import approval_request_of, pending_deployment
from workflows.approvals.jira.markup import TextLine, to_wiki
from workflows.approvals.jira.ticket_text import (
    DEPLOYMENT_QUERY,
    TicketSubject,
    approval_text,
    deployment_link,
    failure_text,
)

ARN = "arn:aws:sagemaker:eu-west-1:111111111111:endpoint-config/churn-v1"


def variant(name: str, **more: Any) -> Variant:
    value = {"model_name": "churn", "instance_type": None, "initial_instance_count": None, "initial_weight": None}
    return Variant("s", name, **{**value, "serverless": None, "instance_pools": (), **more})


def snapshot(*variants: Variant, shadow: tuple[Variant, ...] = ()) -> Snapshot:
    detail = SnapshotDetail(variants, shadow, ("churn",), None, None, Network(False, (), ()), None, None)
    where = {"account_id": "111111111111", "region": "eu-west-1", "creation_time": NOON, "as_of": NOON}
    return Snapshot(scope="s", name="churn-v1", arn=ARN, detail=detail, **where)  # type: ignore[arg-type]  # As they are.


async def subject(database: Database, **more: Any) -> TicketSubject:
    deployment = (await approval_request_of(database, await pending_deployment(database))).deployment
    return TicketSubject(deployment, more.get("snapshot"), more.get("models", ()), None)


def lines(text: list[TextLine]) -> list[tuple[str, str]]:
    return [(line.label, line.text) for line in text]


async def test_every_kind_of_variant(sqlite: Database) -> None:
    many = snapshot(
        variant("a", instance_type="ml.m5.large", initial_instance_count=2, initial_weight=0.5),
        variant("b", serverless=Serverless(2048, 5, None)),
        variant("c", model_name=None, instance_pools=(InstancePool("s", "ml.g5.xlarge", 1, None),)),
        shadow=(variant("d", instance_type="ml.m5.large"),),
    )
    _, text = approval_text(await subject(sqlite, snapshot=many), config_of(JiraServer(cloud=True)))
    assert [item for item in lines(text) if "ariant" in item[0]] == [
        ("Variant a", "churn, 2 of ml.m5.large, weight 0.5"),
        ("Variant b", "churn, serverless with 2048 MB"),
        ("Variant c", "inference components, ml.g5.xlarge (priority 1)"),
        ("Shadow variant d", "churn, 1 of ml.m5.large"),
    ]
    assert next(line for line in text if line.label == "Snapshot").url == many.console_url


async def test_the_endpoint_that_was_asked_for(sqlite: Database) -> None:
    deployment = await pending_deployment(sqlite)
    async with sqlite.writing() as connection:
        text = "`live`, which runs `churn-0` now."
        await deployment_steps.begin(connection, deployment, DeploymentStepName.APPROVE, NOON, detail=text)
    about = TicketSubject((await approval_request_of(sqlite, deployment)).deployment, None, (), None)
    assert ("Endpoint", text) in lines(approval_text(about, config_of(JiraServer(cloud=True)))[1])


async def test_models_and_results(sqlite: Database) -> None:
    about = await subject(sqlite, models=[("churn", ARN.replace("endpoint-config/churn-v1", "model/churn"))])
    result = deployment_records.TestResult(
        id="r",
        home=DeploymentScope("risk", "111111111111", "eu-west-1"),
        at=NOON,
        passed=False,
        job_name="sagegraph-1",
        output_s3_uri=None,
        checks=(
            deployment_records.TestCheck("rows", True, "10", "10"),
            deployment_records.TestCheck("auc", False, ">= 0.9", "0.7"),
        ),
    )
    tested: Deployment = replace(about.deployment, test_result=result, runtime_name="churn-live")
    summary, text = failure_text(replace(about, deployment=tested))
    assert summary == "The deployment of churn-v1 for risk has failed"
    said = lines(text)
    assert said[0] == ("Reason", "The gateway knows no reason.")
    assert ("Model", "churn") in said
    assert ("Runtime", "churn-live") in said
    assert ("Test result", "not passed, by the transform job sagegraph-1") in said
    assert ("Check rows", "passed, expected 10, came 10") in said
    assert ("Check auc", "not passed, expected >= 0.9, came 0.7") in said
    model = next(line for line in text if line.label == "Model")
    assert model.url is not None
    assert model.url.startswith("https://")


async def test_its_link_leads_to_a_question_about_itself(sqlite: Database) -> None:
    about = replace(await subject(sqlite), gateway_url="https://gateway.example.com/")
    *_, line = failure_text(about)[1]
    address = deployment_link("https://gateway.example.com/", about.deployment.id)
    assert line == TextLine(about.deployment.id, "Deployment", address)
    assert failure_text(replace(about, gateway_url=None))[1][-1].url is None


ID = encode_own_id("Deployment", new_key())


@pytest.mark.parametrize(
    ("gateway", "page"),
    [
        ("https://example.com", "https://example.com/graphql"),
        ("https://example.com/", "https://example.com/graphql"),
        ("https://example.com/graphql", "https://example.com/graphql"),
        ("https://example.com/graphql/", "https://example.com/graphql"),
        ("http://[::1]:8000/ml/gateway/", "http://[::1]:8000/ml/gateway/graphql"),
        ("https://example.com/mygraphql?a=b#c", "https://example.com/mygraphql/graphql"),
    ],
)
def test_it_leads_to_the_page_of_the_explorer(gateway: str, page: str) -> None:
    link = deployment_link(gateway, ID)
    assert link.split("?")[0] == page
    value = parse_qs(urlsplit(link).query, strict_parsing=True)
    assert {name: len(values) for name, values in value.items()} == {"query": 1, "variables": 1}
    assert value["query"] == [DEPLOYMENT_QUERY]
    assert json.loads(value["variables"][0]) == {"id": ID}


def test_jira_finds_no_markup_in_it_and_browsers_none_too_long() -> None:
    link = deployment_link("https://example.com", f'{ID}{{x}}[y]|z"\\!*')
    assert not set(link).intersection("{}[]|\\\"!*' \n")
    assert len(link) < 1000
    assert to_wiki([TextLine(ID, "Deployment", link)]) == f"*Deployment:* [{ID}|{link}]"


def test_the_schema_takes_the_question() -> None:
    assert validate(printed(), parse(DEPLOYMENT_QUERY)) == []


async def test_a_workflow_without_a_rejecting_status(sqlite: Database) -> None:
    _, text = approval_text(await subject(sqlite), config_of(JiraServer(cloud=True), rejected=()))
    assert text[0].text.startswith("Move this ticket to Done to launch it, cancelDeployment refuses it.")


async def test_the_job_of_a_rehearsal_has_its_page_in_the_console(sqlite: Database) -> None:
    """Also where it has failed, which is when people look for it."""
    about = await subject(sqlite, models=[("churn", "arn:aws-cn:sagemaker:cn-north-1:111111111111:model/churn")])
    steps = tuple(
        replace(step, job_name="job-1") if step.name is DeploymentStepName.REHEARSE else step
        for step in about.deployment.steps
    )
    _, text = failure_text(replace(about, deployment=replace(about.deployment, steps=steps)))
    (job,) = [line for line in text if line.label == "Transform job"]
    assert (job.text, job.url) == (
        "job-1",
        "https://console.amazonaws.cn/sagemaker/home?region=eu-west-1#/transform-jobs/job-1",
    )
