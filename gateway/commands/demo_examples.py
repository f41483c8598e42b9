"""GraphiQL's tabs under the demo: the worked examples with names and ids of its estate."""

import json
from dataclasses import dataclass, replace
from typing import Final

from aws.kinds.kind import Kind
from gateway.commands.demo_approval import APPROVER_HEADERS
from gateway.commands.demo_assets import demo_assets
from gateway.explorer.examples import EXAMPLES, ONE_THING, Example
from gateway.explorer.mutation_examples import APPROVE, DEPLOYMENTS, IMPORT, MISSING, PUT_ASSETS, REHEARSAL
from gateway.explorer.subscription_examples import (
    LIVE_DEPLOYMENT,
    LIVE_INBOX,
    LIVE_JOB,
    LIVE_RUNTIME,
    MOVE_RUNTIME,
    START_JOB,
)
from resolvers.node_ids import NodeId
from sandbox.estate import Estate, Group

# Who opens the explorer under the demo: somebody in both groups, so that both accounts can be looked at.
DEMO_HEADERS: Final = {"X-Forwarded-User": "demo", "X-Forwarded-Groups": "risk,marketing", "X-Acting-Group": "risk"}
# A model for each state: one that the tour takes to its approval, one that waits for assets, one that is not imported.
APPROVED_MODEL: Final = "ifrs9-macro-scenarios"
WAITING_MODEL: Final = "CreditLimit-Advisor"
IMPORTED_MODEL: Final = "credit-risk-scorer-v7"
# The subjects of the live examples: a runtime that its group may move without approval, and a job yet to be started.
MOVED_RUNTIME: Final = "churn-predictor"
MOVED_TO: Final = "churn-predictor-v3"
STARTED_JOB: Final = "credit-risk-scorer-v7-live"


@dataclass(frozen=True, slots=True)
class DemoIds:
    """The ids that the tour has made.

    Attributes:
        deployment: The deployment that awaits approval.
        waiting_registration: The registration whose deployment waits for assets.
    """

    deployment: str
    waiting_registration: str


def demo_examples(estate: Estate, newest: str, ids: DemoIds | None, *, approves: bool) -> list[Example]:
    """The worked examples; those that need ids of the tour come once it has made them.

    Args:
        estate: The estate.
        newest: The name of a model.
        ids: The ids that the tour has made; None before it.
        approves: Whether the gateway itself approves; Jira's approval has no mutation.
    """
    group = estate.risk
    node = NodeId(Kind.MODEL, group.name, group.account, group.region, newest).encode()
    always = [
        *(replace(ONE_THING, variables={"id": node}) if example is ONE_THING else example for example in EXAMPLES),
        replace(IMPORT, variables={"model": IMPORTED_MODEL}),
    ]
    if ids is None:
        return [*always, DEPLOYMENTS, *_live(estate)]
    assets = {"registrationId": ids.waiting_registration, "assets": demo_assets(group, WAITING_MODEL)}
    return [
        *always,
        replace(MISSING, variables={"id": ids.waiting_registration}),
        replace(PUT_ASSETS, variables={"input": assets}),
        DEPLOYMENTS,
        replace(REHEARSAL, variables={"id": ids.deployment}),
        *([replace(APPROVE, variables={"id": ids.deployment}, headers=APPROVER_HEADERS)] if approves else []),
        replace(LIVE_DEPLOYMENT, variables={"ids": [ids.deployment]}),
        *_live(estate),
    ]


def watch_command(gateway: str, ids: DemoIds) -> str:
    """The command that shows the deployment of the tour as it changes; takes the gateway's address."""
    headers = " ".join(f"-H '{name}: {value}'" for name, value in DEMO_HEADERS.items())
    query = "subscription($ids: [ID!]!) { deploymentChanged(ids: $ids) { deployment { state runtime { status } } at } }"
    body = json.dumps({"query": query, "variables": {"ids": [ids.deployment]}})
    types = "-H 'Content-Type: application/json' -H 'Accept: text/event-stream'"
    return f"curl -sN {gateway}/graphql {types} {headers} -d '{body}'"


def _live(estate: Estate) -> list[Example]:
    """The subscriptions whose subjects are known from the start, and the changes that they show."""
    runtime, job = (
        NodeId(kind, group.name, group.account, group.region, name).encode()
        for kind, group, name in (
            (Kind.RUNTIME, estate.marketing, MOVED_RUNTIME),
            (Kind.TRANSFORM_JOB, estate.risk, STARTED_JOB),
        )
    )
    moved = {"name": MOVED_RUNTIME, "snapshotName": MOVED_TO}
    owner = DEMO_HEADERS | {"X-Acting-Group": estate.marketing.name}
    return [
        replace(LIVE_RUNTIME, variables={"ids": [runtime]}),
        replace(LIVE_JOB, variables={"ids": [job]}),
        replace(LIVE_INBOX, headers=APPROVER_HEADERS),
        replace(MOVE_RUNTIME, variables={"input": moved}, headers=owner),
        replace(START_JOB, variables={"input": _job(estate.risk)}),
    ]


def _job(group: Group) -> dict[str, object]:
    """The input of a transform job of the group's own model."""
    folder = f"s3://{group.bucket}/batch/{IMPORTED_MODEL}"
    return {
        "name": STARTED_JOB,
        "modelName": IMPORTED_MODEL,
        "inputS3Uri": f"{folder}/input/",
        "outputS3Uri": f"{folder}/output/",
        "contentType": "text/csv",
        "splitType": "Line",
        "instanceType": "ml.m5.xlarge",
    }
