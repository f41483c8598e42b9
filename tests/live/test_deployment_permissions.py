"""Who may do what about a group's deployments: each of the five by everybody; a refused one changes nothing."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from registry import audit, deployment_tables
from registry.audit import AuditCriteria
from registry.database import Database
from registry.enums import DeploymentState
from sandbox.server import Sandbox
from tests.deployments import create_model, mutate
from tests.gateway_client import (
    RISK,
    GatewayClient,
    OpenGateway,
    assume_role_entry,
    credential_settings,
    fresh_database,
)
from tests.idle_engine import IdleEngine
from tests.workflows.deployments.deployment_rows import new_deployment_row, reload
from workflows.deployments.snapshot_fingerprint import SnapshotFingerprint
from workflows.deployments.transitions import AuditEntry, transition

PERMISSIONS = [
    {"group": "risk", "allow": ["READ"]},
    {"group": "deployers", "allow": ["READ", "DEPLOY"], "over": ["risk"]},
    {"group": "approvers", "allow": ["READ", "APPROVE"], "over": ["risk"]},
    {"group": "readers", "allow": ["READ"], "over": ["risk"]},
    {"group": "strangers", "allow": ["READ", "DEPLOY", "APPROVE"]},
    {"group": "blind", "allow": ["DEPLOY", "APPROVE"], "over": ["risk"]},
]
MEMBERS = {"READ": ["READ"], "DEPLOY": ["READ", "DEPLOY"], "APPROVE": ["READ", "APPROVE"]}


@dataclass(frozen=True)
class Who:
    """Who asks, and what the group risk itself may."""

    groups: tuple[str, ...]
    risk: str = "READ"
    user: str | None = "eve"
    acting: str | None = None


PEOPLE: Mapping[str, Who] = {
    "anonymous": Who((), user=None),
    "without groups": Who(()),
    "of the group, which may read": Who(("risk",)),
    "of the group, which may deploy": Who(("risk",), "DEPLOY"),
    "of the group, which may approve": Who(("risk",), "APPROVE"),
    "over it, with DEPLOY": Who(("deployers",)),
    "over it, with APPROVE": Who(("approvers",)),
    "over it, with READ": Who(("readers",)),
    "over it, but without READ": Who(("blind",)),
    "of another group with all of them": Who(("strangers",)),
    "acting for another group": Who(("deployers", "approvers", "strangers"), acting="strangers"),
}
UNKNOWN = {
    "of another group with all of them": "NOT_FOUND",
    "over it, but without READ": "NOT_FOUND",
    "anonymous": "UNAUTHENTICATED",
}
DEPLOYS = UNKNOWN | {"of the group, which may deploy": "done", "over it, with DEPLOY": "done"}
APPROVES = UNKNOWN | {"of the group, which may approve": "done", "over it, with APPROVE": "done"}
# The group is named by the input, or the acting one: to be over another does not make one act for it.
STARTS = {"anonymous": "UNAUTHENTICATED", "of the group, which may deploy": "done"}

ACTIONS: Mapping[str, tuple[DeploymentState | None, Mapping[str, str]]] = {
    "deploySnapshot": (None, STARTS),
    "approveDeployment": (DeploymentState.AWAITING_APPROVAL, APPROVES),
    "rejectDeployment": (DeploymentState.AWAITING_APPROVAL, APPROVES),
    "cancelDeployment": (DeploymentState.AWAITING_APPROVAL, DEPLOYS),
    "retryDeployment": (DeploymentState.FAILED, DEPLOYS),
}


class Recorder(IdleEngine):
    """Notes which work is started, and does none."""

    started: list[str] = []  # noqa: RUF012 - emptied for each test.

    async def start(self, name: str, work_id: str, *arguments: object) -> None:
        """Notes it."""
        self.started.append(name)


@dataclass(frozen=True)
class Stage:
    """A gateway, its database, and the sandbox."""

    gateway: GatewayClient
    database: Database
    sandbox: Sandbox

    async def rows(self) -> list[Any]:
        """All that is kept of deployments."""
        result: list[Any] = []
        async with self.database.reading() as connection:
            for name in ("deployments", "deployment_steps", "tickets", "leftovers"):
                result += (await connection.execute(select(getattr(deployment_tables, name)))).all()
        return result

    async def audited(self) -> list[tuple[str, str]]:
        """The action and outcome of each event of a mutation."""
        async with self.database.reading() as connection:
            page = await audit.page(connection, AuditCriteria(groups=None), 50)
        return [(record.action, record.outcome.value) for record in page.records if "." not in record.action]


@pytest.fixture
async def stage(
    request: pytest.FixtureRequest, sandbox: Sandbox, open_gateway: OpenGateway, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    user: Who = PEOPLE[request.node.callspec.params["user"]]
    monkeypatch.setattr("gateway.bootstrap.Engine", Recorder)
    # Whatever the snapshot is, an approval is for it: that has tests of its own.
    monkeypatch.setattr(SnapshotFingerprint, "__eq__", lambda *_: True)
    Recorder.started.clear()
    create_model(sandbox)
    permissions = [*PERMISSIONS[1:], {"group": "risk", "allow": MEMBERS[user.risk]}]
    url = fresh_database()
    roles = credential_settings(
        assume_role_entry(RISK), assume_role_entry(RISK, "strangers"), assume_role_entry(RISK, "deployers")
    )
    async with (
        open_gateway(permissions=permissions, database={"url": url}, **roles) as gateway,
        Database(url) as database,
    ):
        yield Stage(gateway, database, sandbox)


@pytest.mark.parametrize("user", PEOPLE)
@pytest.mark.parametrize("action", ACTIONS)
async def test_each_by_everybody(stage: Stage, action: str, user: str) -> None:
    state, outcomes = ACTIONS[action]
    expected, person = outcomes.get(user, "FORBIDDEN"), PEOPLE[user]
    value = {"snapshotName": "churn-1", "group": "risk"} if state is None else {"id": await standing(stage, state)}
    before = await stage.rows()
    stage.sandbox.calls.clear()
    asking = {"user": person.user, "groups": person.groups, "acting": person.acting}
    answer = await mutate(stage.gateway, action, value, **asking)
    assert came_to(answer.body, action) == expected
    if expected == "done":
        assert await stage.rows() != before
        assert await stage.audited() == [(action, "SUCCEEDED")]
        return
    assert await stage.rows() == before
    assert Recorder.started == []
    assert stage.sandbox.calls.by_operation() == {}
    assert await stage.audited() == ([] if expected == "UNAUTHENTICATED" else [(action, "REFUSED")])


async def standing(stage: Stage, state: DeploymentState) -> str:
    """The id of a deployment of the group risk that stands so."""
    deployment = await new_deployment_row(stage.database)
    assert await transition(stage.database, deployment, state, AuditEntry(action="deployment.test", actor="ann"))
    return (await reload(stage.database, deployment.key)).id


def came_to(body: Any, action: str) -> str:
    """The one word for what a mutation is answered."""
    if "errors" in body:
        (error,) = body["errors"]
        return str(error["extensions"]["code"])
    errors = body["data"][action]["userErrors"]
    return str(errors[0]["code"]) if errors else "done"
