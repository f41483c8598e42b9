"""gateway.bootstrap: what the process is made of says what the settings say, and is closed in reverse."""

from contextlib import AsyncExitStack
from typing import Any, Self

import pytest

from aws.client.rate_limit import RateLimiters
from gateway.bootstrap import Process, start_process
from registry.database import Database
from registry.errors import RegistryError
from sandbox.server import Sandbox
from tests.gateway_client import load_test_settings
from tests.idle_engine import IdleEngine
from workflows.durable.errors import DurableError

CHANGED: dict[str, Any] = {
    "enterCredentials": {"enabled": True},
    "sagemaker": {"search": False, "freshSeconds": 1, "deletionSeconds": 20, "authoritySeconds": 30, "tagSeconds": 40},
    "imports": {"createDefaultSnapshot": False, "startDeployments": False},
    "assets": {"bucket": "example-assets", "maxUploadBytes": 7},
    "deployments": {
        "requiredAssets": ["OTHER"],
        "approval": "jira",
        "selfApproval": True,
        "rehearsal": {
            "instanceType": "ml.c5.xlarge",
            "instanceCount": 3,
            "outputS3Uri": "s3://example-assets/rehearsals/",
            "timeoutMinutes": 2,
        },
        "watchSeconds": 9,
    },
    "jira": {"url": "https://jira.example.com", "user": "sagegraph", "token": "geheim", "project": "MLOPS"},
    "limits": {"pageSize": 11, "seconds": 12, "scan": 13},
}


class Loops(IdleEngine):
    """Keeps which loops were begun, and whether it was closed."""

    begun: list[tuple[str, float]]
    closed: list[str]

    def every(self, name: str, seconds: float, function: object) -> None:
        self.begun.append((name, seconds))

    every_share = every

    async def __aexit__(self, *_error: object) -> None:
        self.closed.append("engine")


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was closed, in order; durable work is idle."""
    ended: list[str] = []

    class Watched(Database):
        async def __aexit__(self, *error: Any) -> None:
            ended.append("database")
            await super().__aexit__(*error)

    monkeypatch.setattr(Loops, "begun", [], raising=False)
    monkeypatch.setattr(Loops, "closed", ended, raising=False)
    monkeypatch.setattr("gateway.bootstrap.Engine", Loops)
    monkeypatch.setattr("gateway.bootstrap.Database", Watched)
    return ended


async def opened(url: str, stack: AsyncExitStack, **blocks: Any) -> Process:
    return await start_process(load_test_settings(url, **blocks), stack)


async def test_what_the_settings_say(sandbox: Sandbox) -> None:
    async with AsyncExitStack() as stack:
        settings = load_test_settings(sandbox.url, **CHANGED)
        process = await start_process(settings, stack)
        services, scope_deps = process.request_factory.services, process.request_factory.scope_deps
        assert services.settings is settings
        assert services.lifecycle.deps.config is settings.deployments
        assert ("watch", 9) in process.engine.begun  # type: ignore[attr-defined]  # It is `Loops`.
        ages = scope_deps.inventory_config.ages
        assert (ages.fresh_seconds, ages.deletion_seconds, ages.authority_seconds, ages.tag_seconds) == (1, 20, 30, 40)
        assert (scope_deps.inventory_config.scan_bound, scope_deps.inventory_config.search) == (13, False)
        limits = process.request_factory.limits
        assert (limits.page_size, limits.seconds, limits.scan) == (11, 12, 13)
    assert "geheim" not in repr(process)


async def test_requests_and_work_share_what_they_know(sandbox: Sandbox) -> None:
    """One database, one engine, one set of scopes, brakes and credentials; nothing is asked of AWS yet."""
    async with AsyncExitStack() as stack:
        process = await opened(sandbox.url, stack)
        services = process.request_factory.services
        assert services.engine is process.engine
        assert services.database is services.lifecycle.deps.database
        assert services.lifecycle.deps.policy is process.request_factory.scope_deps.policy
        assert (
            type(process.request_factory.scope_deps.rate_limiters),
            process.request_factory.scope_deps.endpoint_url,
        ) == (RateLimiters, sandbox.url)
    assert sandbox.calls.count() == 0


@pytest.mark.parametrize(("blocks", "polled"), [({}, []), (CHANGED, [("jira", 30)])], ids=["alone", "with Jira"])
async def test_the_loops(sandbox: Sandbox, blocks: dict[str, Any], polled: list[tuple[str, float]]) -> None:
    """Jira is polled, and can be woken, only where it approves."""
    async with AsyncExitStack() as stack:
        process = await opened(sandbox.url, stack, **blocks)
        assert (process.approvals.backend.poll_seconds is not None) == bool(polled)
        loops = {name: seconds for name, seconds in Loops.begun if name != "imports"}
        watch = 9 if blocks else 60
        assert loops == {
            "deployments": 5,
            "deployment-sweep": 30,
            "forgotten-acts": 30,
            "retention": 60,
            "watch": watch,
            **dict(polled),
        }


async def test_it_is_closed_in_reverse(sandbox: Sandbox, closed: list[str]) -> None:
    async with AsyncExitStack() as stack:
        await opened(sandbox.url, stack)
        assert closed == []
    assert closed == ["engine", "database"]


async def test_what_was_made_is_closed_where_the_rest_cannot_be(
    sandbox: Sandbox, closed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unable(IdleEngine):
        async def __aenter__(self) -> Self:
            raise DurableError("Durable work cannot begin.")

    monkeypatch.setattr("gateway.bootstrap.Engine", Unable)
    with pytest.raises(DurableError):
        async with AsyncExitStack() as stack:
            await opened(sandbox.url, stack)
    assert closed == ["database"]


async def test_a_database_without_tables_is_refused(sandbox: Sandbox, empty_url: str, closed: list[str]) -> None:
    with pytest.raises(RegistryError, match="run `python -m gateway migrate --config FILE` first"):
        async with AsyncExitStack() as stack:
            await opened(sandbox.url, stack, database={"url": empty_url})
    assert (Loops.begun, closed) == ([], [])
