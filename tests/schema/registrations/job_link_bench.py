"""What the tests of links by hand share: an account with a job that tells nothing of its model, and how it is asked."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.gateway_client import (
    MARKETING,
    RISK,
    GatewayClient,
    assume_role_entry,
    credential_settings,
    fresh_database,
)
from tests.registrations import create_related_resources
from tests.sagemaker_builder import START, building

ALLOWED = [
    {"group": "*", "allow": ["READ"]},
    {"group": "risk", "allow": ["IMPORT", "AUDIT"]},
    {"group": "other", "allow": ["IMPORT"]},
    {"group": "over", "allow": ["READ"], "over": ["risk"]},
]
LINK = (
    "mutation($i: LinkJobInput!) { linkJob(input: $i) { registration { id } job { name modelNames }"
    " userErrors { code field } } }"
)
UNLINK = (
    "mutation($i: UnlinkJobInput!) { unlinkJob(input: $i) { registration { id } job { name }"
    " userErrors { code field } } }"
)
JOBS = (
    'query($f: JobFilter, $first: Int, $after: String) { model(name: "churn") {'
    " jobs(filter: $f, first: $first, after: $after) { edges { match linkedBy node { id name } }"
    " totalCount unreadableCount completeAsOf pageInfo { hasNextPage endCursor } } } }"
)
NAMED = '{ jobs(filter: {modelName: "churn"}) { nodes { name } } }'
NAMED_WHOLE = '{ jobs(filter: {modelName: "churn"}) { nodes { name } totalCount completeAsOf } }'


@pytest.fixture
def settings() -> dict[str, Any]:
    """Two groups with the same role in the same account, one that is over the first, and who may import."""
    return {
        **credential_settings(assume_role_entry(RISK), assume_role_entry(RISK, "other"), assume_role_entry(MARKETING)),
        "permissions": ALLOWED,
        "database": {"url": fresh_database()},
    }


@pytest.fixture
def account(sandbox: Sandbox) -> Sandbox:
    """The model churn with its jobs, and jobs that tell nothing of it."""
    create_related_resources(sandbox)
    with building(sandbox) as things:
        things.training("repacked-from", at=START + timedelta(minutes=30))
        things.processing("evaluation")
    return sandbox


def calls(sandbox: Sandbox) -> dict[str, int]:
    """The calls to SageMaker since the last look."""
    made = sandbox.calls.by_operation()
    sandbox.calls.clear()
    return {name: count for name, count in made.items() if not name.startswith("AssumeRole")}


def edges(answer: Any) -> list[tuple[str, str, str | None]]:
    found = answer.data["model"]["jobs"]["edges"]
    return [(edge["node"]["name"], edge["match"], edge["linkedBy"]) for edge in found]


async def linked(gateway: GatewayClient, registration: str, name: str = "repacked-from", **more: Any) -> Any:
    asked = {"type": "TRAINING", "name": name, **more}
    answer = await gateway.ask(LINK, {"i": {"registrationId": registration, **asked}})
    return answer.data["linkJob"]


async def unlinked(gateway: GatewayClient, registration: str, name: str = "repacked-from") -> Any:
    asked = {"registrationId": registration, "type": "TRAINING", "name": name}
    return (await gateway.ask(UNLINK, {"i": asked})).data["unlinkJob"]


PLAIN = [("churn-batch", "MODEL_NAME", None), ("churn-train", "EXACT_ARTIFACT", None)]
BY_HAND = ("repacked-from", "LINKED", "ann")
# Newest first.
LINKED = [PLAIN[0], BY_HAND, PLAIN[1]]
