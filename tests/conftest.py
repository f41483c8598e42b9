"""What tests share: one sandbox for the session, emptied before each test that uses it, its estate, and gateways."""

import gc
import os
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import certifi
import hypothesis
import pytest

from aws.client.call_stats import current_call_stats
from concurrency.single_flight import SingleFlight
from resolvers.execution.catalog import Catalog
from resolvers.execution.documents import BreadthFirstExecutor
from sandbox.estate import Estate, fill
from sandbox.sagemaker import validation
from sandbox.server import Sandbox
from tests.databases import (
    database,
    database_url,
    empty_url,
    postgres_names,
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_template,
    sqlite_url,
)
from tests.demo import open_demo
from tests.front_end_documents import front_end_documents
from tests.gateway_client import GatewayClient, OpenGateway, gateway_on
from tests.idle_engine import IdleEngine
from tests.node_packages import node_packages
from tests.processes.starting import start_fork_server
from tests.quick_folder import quick_folder
from tests.quick_sqlite import quick_sqlite, sqlite_threads
from tests.shared_imports import import_in_turns
from tests.worked_out import worked_out_once


@pytest.fixture
async def single_flight() -> AsyncIterator[SingleFlight]:
    made = SingleFlight(counter=current_call_stats.get)
    yield made
    await made.close()


__all__ = [
    "database",
    "database_url",
    "empty_url",
    "front_end_documents",
    "node_packages",
    "open_demo",
    "postgres_names",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "sqlite_template",
    "sqlite_threads",
    "sqlite_url",
]


def pytest_configure(config: pytest.Config) -> None:
    """Make temporary folders in memory unless a folder is named, time no example, seek no garbage while collecting."""
    if getattr(config.option, "numprocesses", None) and "not crash" not in (config.option.markexpr or ""):
        # The workers share it, and need it first of all.
        start_fork_server()
    gc.disable()
    # A machine that does other work beside the suite fails no property by being slow; 40 examples find nearly all.
    hypothesis.settings.register_profile("untimed", deadline=None, max_examples=40)
    hypothesis.settings.load_profile("untimed")
    if folder := quick_folder():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", folder)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Shares the compiling of the tests among the workers."""
    import_in_turns(session.config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what is slow, unless the command line's `-m` names it, and begins with what starts and kills
    processes, which takes longest: at the end one half would wait for it.
    """
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow and "slow" not in (config.option.markexpr or ""):
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]
    items.sort(key=lambda item: item.get_closest_marker("crash") is None)


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over all that stays for the session: modules, and thousands of tests."""
    gc.freeze()
    # Gateways leave little that only the collector finds, and thousands are made: it looks a fifth as often.
    gc.set_threshold(5_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def planned() -> Iterator[None]:
    """No query of the suite is left to graphql-core."""
    made: list[BreadthFirstExecutor] = []

    class Counted(BreadthFirstExecutor):
        """Is kept, to be looked at in the end."""

        def __init__(self, catalog: Catalog) -> None:
            super().__init__(catalog)
            made.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("schema.build.BreadthFirstExecutor", Counted)
        yield
    refused = [executor.refused for executor in made if executor.refused]
    assert refused == []


@pytest.fixture(scope="session", autouse=True)
def quick() -> Iterator[None]:
    with worked_out_once(), quick_sqlite():
        yield


@pytest.fixture(scope="session", autouse=True)
def one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Lets clients trust one authority, not all, which take each new client 80 ms to read; the sandbox has none."""
    end = "-----END CERTIFICATE-----"
    path = tmp_path_factory.mktemp("trust") / "authority.pem"
    path.write_text(Path(certifi.where()).read_text(encoding="utf-8").split(end)[0] + end, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_CA_BUNDLE", str(path))
        yield


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[Sandbox]:
    with Sandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_server: Sandbox) -> Sandbox:
    """An empty AWS: no resources, no trouble, no counts, real time."""
    sandbox_server.reset()
    return sandbox_server


@pytest.fixture(scope="session")
def checked_estate(sandbox_server: Sandbox) -> Estate:
    """The estate, each request of which was checked against SageMaker's model."""
    return fill(sandbox_server)


@pytest.fixture
def estate(sandbox: Sandbox, checked_estate: Estate) -> Estate:
    """The sandbox, filled as the demo fills it; the same requests are not checked again, which is half the work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validation, "validate", lambda _operation, _request: None)
        return fill(sandbox)


@pytest.fixture
def open_gateway(open_working: OpenGateway, monkeypatch: pytest.MonkeyPatch) -> OpenGateway:
    """Opens a gateway on the sandbox that starts no durable work; keywords are blocks of its settings."""
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)
    # Nothing is written behind a request's back; what there is to keep is written at the end.
    monkeypatch.setattr("gateway.settled_facts.GATHER_SECONDS", 3600)
    return open_working


@pytest.fixture
def open_working(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> OpenGateway:
    """Opens a gateway on the sandbox, with durable work; keywords are blocks of its settings. One at a time.

    An import that nothing holds up is answered whole, however busy the machine.
    """
    monkeypatch.setattr("resolvers.imports.start.WAIT_SECONDS", 20)
    return partial(gateway_on, sandbox.url)


@pytest.fixture
async def gateway(open_gateway: OpenGateway) -> AsyncIterator[GatewayClient]:
    """A gateway that serves the groups risk and marketing, each with the role in its own account."""
    async with open_gateway() as opened:
        yield opened
