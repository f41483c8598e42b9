"""gateway.approvals: the settings' block as the workflows take it, and where tickets are kept."""

from contextlib import AsyncExitStack
from typing import Any

import pytest

from gateway.approvals import ApprovalSetup, jira_config
from gateway.settings.settings import Settings
from registry.database import Database
from tests.gateway_client import load_test_settings
from tests.workflows.approvals.jira.pending_deployments import NoGroupScopes, deps_of
from workflows.approvals.builtin import BuiltinApprovals
from workflows.approvals.jira.backend import JiraApprovals
from workflows.approvals.jira.client import JiraClient
from workflows.approvals.jira.config import JiraConfig, JiraTimeouts

BLOCK = {"url": "https://jira.example.com", "user": "sagegraph", "token": "geheim", "project": "MLOPS"}
JIRA: dict[str, Any] = {"deployments": {"approval": "jira"}, "jira": BLOCK}


class Loops:
    """Keeps which loops were begun."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, float]] = []

    def every(self, name: str, seconds: float, _function: object) -> None:
        self.begun.append((name, seconds))


def given(**blocks: Any) -> Settings:
    return load_test_settings("http://127.0.0.1:9", **blocks)


def test_the_desk_of_the_settings() -> None:
    jira = given(**JIRA).jira
    assert jira is not None
    desk = jira_config(jira)
    assert desk == JiraConfig(
        url="https://jira.example.com",
        user="sagegraph",
        token="geheim",
        project="MLOPS",
        issue_type="Task",
        approved=("Done",),
        rejected=("Rejected",),
        timeouts=JiraTimeouts(),
    )
    assert "geheim" not in repr(desk)


@pytest.mark.parametrize("blocks", [{}, {"jira": BLOCK}])
async def test_the_gateway_keeps_tickets_itself(sqlite_url: str, blocks: dict[str, Any]) -> None:
    async with Database(sqlite_url) as database, AsyncExitStack() as stack:
        tickets, loops = ApprovalSetup(given(**blocks), database, NoGroupScopes()), Loops()
        await tickets.open(stack)
        assert isinstance(tickets.backend, BuiltinApprovals)
        jira = given(**JIRA).jira
        assert jira is not None
        async with JiraClient(jira_config(jira)) as client:
            means, _ = deps_of(database, client)
            assert await tickets.start_polling(loops, means, stack) is None  # type: ignore[arg-type]  # It begins loops alone.
        assert loops.begun == []


async def test_jira_keeps_them(sqlite_url: str) -> None:
    """Nothing is asked of it yet: there is none at that address."""
    async with Database(sqlite_url) as database, AsyncExitStack() as stack:
        tickets, loops = ApprovalSetup(given(**JIRA), database, NoGroupScopes()), Loops()
        await tickets.open(stack)
        assert isinstance(tickets.backend, JiraApprovals)
        jira = given(**JIRA).jira
        assert jira is not None
        async with JiraClient(jira_config(jira)) as client:
            means, _ = deps_of(database, client)
            wake = await tickets.start_polling(loops, means, stack)  # type: ignore[arg-type]  # It begins loops alone.
        assert loops.begun == [("jira", 30)]
        assert wake is not None
        wake()
