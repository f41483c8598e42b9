"""Five screens by urql, Apollo Client and Relay from npm, on the demo's estate: none of them polls."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from gateway.commands.demo import FAST_DURATIONS, demo_settings
from gateway.commands.demo_assets import REQUIRED_ASSETS, demo_assets
from gateway.settings.documents import DocumentsSettings
from sandbox.estate import Estate, write_traffic
from sandbox.server import Sandbox
from tests.deployments import use_fast_pace
from tests.gateway_client import fresh_database
from tests.live.front_ends import front_ends
from tests.live.subscribers import ServedGateway, served

# One that may be read whole, and one of another group, whose schedules may not.
RUNTIME: Final = "fraud-detection"
UNREADABLE: Final = "churn-predictor"
SECONDS: Final = 60
SCORER: Final = "ifrs9-macro-scenarios"
# Each client takes another model through its import, and another snapshot to its endpoint.
SNAPSHOTS: Final = {
    "apollo": (SCORER, "ifrs9-macro-scenarios-default"),
    "urql": ("CreditLimit-Advisor", "CreditLimit-Advisor-Config"),
    "relay": ("fraud-detection-v11", "fraud-detection-v11"),
}
NAMES: Final = [
    "CreditLimit-Advisor",
    "aml-transaction-monitor-v2",
    "collections-propensity-pipeline",
    "credit-risk-scorer-v6",
    "credit-risk-scorer-v7",
    "fraud-detection-v11",
    "fraud-detection-v12",
    "ifrs9-macro-scenarios",
    "loan-document-classifier",
]
TRANSFORM: Final = ["TRANSFORM", "COMPLETED", "MODEL_NAME"]
PAGES: Final[Mapping[str, Any]] = {
    "apollo": {"runtimes": [], "jobs": [TRANSFORM, TRANSFORM], "hidden": 1},
    "urql": {"runtimes": [], "jobs": [], "hidden": 0},
    "relay": {
        "runtimes": [["fraud-detection", "IN_SERVICE"]],
        "jobs": [["TRAINING", "COMPLETED", "EXACT_ARTIFACT"]],
        "hidden": 1,
    },
}
TRANSFORM_ADDED: Final = ["TRANSFORM_JOB ADDED"] * 3
PLANS: Final = {
    "apollo": ["MODEL ADDED", "TRAINING_JOB ADDED", *TRANSFORM_ADDED],
    "urql": ["MODEL ADDED", "SNAPSHOT ADDED"],
    "relay": ["MODEL ADDED", "SNAPSHOT ADDED", "SNAPSHOT ADDED", "RUNTIME ADDED", "TRAINING_JOB ADDED"],
}
# All that a screen sends: a query for it and for each further page, and its mutations. What changes is pushed.
SENT: Final[Mapping[str, Any]] = {
    "apollo": {
        "page": [
            *(["ModelsQuery hash"] * 3),
            *(["ModelQuery hash"] * 2),
            "ImportPlanQuery hash",
            "ImportModelMutation hash",
            "ImportAssetsMutation hash",
            *(["RuntimeQuery hash"] * 2),
        ],
        "inbox": ["ApprovalsQuery hash"],
        "colleague": ["ApprovalsDecisionMutation hash"],
        # Documents that nobody has published: the gateway keeps none, and the link stops asking.
        "further": ["demo", "Unpublished hash", "Unpublished text", "UnpublishedToo text"],
    },
    "urql": {
        "page": [
            "ModelsQuery hash",
            *(["ModelsQuery text"] * 3),
            "ModelQuery text",
            "ImportPlanQuery text",
            "ImportModelMutation text",
            "ImportAssetsMutation text",
            # Graphcache asks again for a screen that has an error, when an event changes it.
            *(["RuntimeQuery text"] * 3),
        ],
        "inbox": ["ApprovalsQuery hash", "ApprovalsQuery text"],
        "colleague": ["ApprovalsDecisionMutation text"],
    },
    "relay": {
        "page": [
            "ModelsQuery id",
            *(["ModelsPageQuery id"] * 2),
            "ModelQuery id",
            "ImportPlanQuery id",
            "ImportModelMutation id",
            "ImportAssetsMutation id",
            *(["RuntimeQuery id"] * 2),
        ],
        "inbox": ["ApprovalsQuery id"],
        "colleague": ["ApprovalsDecisionMutation id"],
    },
}


@pytest.fixture
async def gateway(
    estate: Estate, sandbox: Sandbox, front_end_documents: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ServedGateway]:
    """The demo's gateway, which knows both compilers' documents and looks at AWS often; one group may read less."""
    use_fast_pace(monkeypatch)
    write_traffic(sandbox, estate)
    sandbox.clock.run(100)
    sandbox.timeline.durations = replace(FAST_DURATIONS, endpoint_deleting=3600)
    sandbox.faults.refuse("ListMonitoringSchedules", account=estate.marketing.account)
    settings = demo_settings(estate, sandbox.url, fresh_database())
    documents = DocumentsSettings(mode="allow", path=str(front_end_documents / "generated" / "manifests"))
    often = settings.sagemaker.model_copy(update={"fresh_seconds": 0.2})
    async with served(settings.model_copy(update={"documents": documents, "sagemaker": often})) as gateway:
        yield gateway


def expected(client: str) -> dict[str, Any]:
    """What the screens of a client show."""
    model, snapshot = SNAPSHOTS[client]
    return {
        "models": {"names": NAMES, "total": len(NAMES), "registered": model},
        "model": {"name": model, **PAGES[client]},
        "wizard": {
            "plan": [model, False, PLANS[client]],
            "missing": [role.value for role in REQUIRED_ASSETS],
            "left": 0,
            "required": len(REQUIRED_ASSETS),
            "userErrors": [],
            "snapshot": snapshot,
            "job": ["TRANSFORM", "COMPLETED"],
        },
        "inbox": {
            "state": "AWAITING_APPROVAL",
            "startedBy": "demo",
            "viewerCan": ["APPROVE", "REJECT"],
            "passed": True,
            "userErrors": [],
        },
        "deployed": ["DEPLOYED", "IN_SERVICE"],
        "runtime": {
            "status": "IN_SERVICE",
            "snapshot": "fraud-detection-v11-shadow-v12",
            "metrics": [["live", "INVOCATIONS", "SUM"]],
            "schedules": ["fraud-detection-data-quality"],
            "codes": [],
        },
        "watched": {
            "status": "IN_SERVICE",
            "snapshot": "churn-predictor-v4",
            "metrics": [["AllTraffic", "INVOCATIONS", "SUM"]],
            "schedules": None,
            "codes": ["FORBIDDEN"],
        },
        "sent": SENT[client],
    }


async def test_foreign_clients_do_the_five_screens_without_polling(
    gateway: ServedGateway, sandbox: Sandbox, estate: Estate, front_end_documents: Path
) -> None:
    assets = demo_assets(estate.risk, SCORER)
    common = {"url": gateway.url, "runtime": RUNTIME, "unreadable": UNREADABLE, "assets": assets}
    arguments = {
        client: {"model": model, "snapshot": snapshot, **common} for client, (model, snapshot) in SNAPSHOTS.items()
    }
    async with asyncio.timeout(SECONDS), front_ends(front_end_documents, arguments) as running:
        assert [await client.line() for client in running.values()] == [{"watching": UNREADABLE}] * 3
        group = estate.marketing
        sandbox.call("DeleteEndpoint", group.account, group.region, EndpointName=UNREADABLE)
        assert [await client.line() for client in running.values()] == [{"shows": "DELETING"}] * 3
        sandbox.advance(7200)
        for name, client in running.items():
            shown = await client.line()
            points = [series.pop() for page in ("runtime", "watched") for series in shown[page]["metrics"]]
            assert all(11 <= number <= 13 for number in points)
            assert shown == expected(name)
            assert await client.ended() == (0, "")
    await gateway.quiet()
