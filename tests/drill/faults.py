"""Ten faults of a fleet, each as an operator meets it: injected while a block runs, and mended after it."""

import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from sandbox.jira.faults import JiraFault
from tests.drill.fleet import GATEWAYS, WORKER, Fleet
from tests.gateway_client import MARKETING, RISK, assume_role_entry, credential_settings
from tests.workflows.durable.dbos_state import change

Injection = Callable[[Fleet], AbstractAsyncContextManager[None]]
FOREIGN_VERSION: Final = "0.9"


@dataclass(frozen=True)
class Fault:
    """One cause.

    Attributes:
        name: Its name.
        cause: The sentence that an operator is to come to.
        inject: Has it while a block runs.
    """

    name: str
    cause: str
    inject: Injection


async def _with_settings(fleet: Fleet, **blocks: Any) -> AsyncIterator[None]:
    await fleet.restart(WORKER, **blocks)
    try:
        yield
    finally:
        await fleet.restart(WORKER)


@asynccontextmanager
async def group_missing(fleet: Fleet) -> AsyncIterator[None]:
    async for _ in _with_settings(fleet, **credential_settings(assume_role_entry(MARKETING))):
        yield


@asynccontextmanager
async def wrong_secret(fleet: Fleet) -> AsyncIterator[None]:
    roles = assume_role_entry(RISK, externalId="another"), assume_role_entry(MARKETING)
    async for _ in _with_settings(fleet, **credential_settings(*roles)):
        yield


@asynccontextmanager
async def role_refused(fleet: Fleet) -> AsyncIterator[None]:
    fleet.sandbox.faults.refuse("ListModels", account=RISK.account)
    fleet.sandbox.faults.refuse("DescribeModel", account=RISK.account)
    try:
        yield
    finally:
        fleet.sandbox.faults.clear()


@asynccontextmanager
async def account_throttled(fleet: Fleet) -> AsyncIterator[None]:
    """Another tool uses up what the account may ask."""
    fleet.sandbox.faults.throttle("List*", account=RISK.account)
    try:
        yield
    finally:
        fleet.sandbox.faults.clear()


@asynccontextmanager
async def database_silent(fleet: Fleet) -> AsyncIterator[None]:
    fleet.pooler.silence()
    try:
        yield
    finally:
        fleet.pooler.restore()


@asynccontextmanager
async def holder_paused(fleet: Fleet) -> AsyncIterator[None]:
    """The process that holds the loop `deployments` is frozen."""
    holder = await holder_of(fleet, "deployments")
    fleet.members[holder].send(signal.SIGSTOP)
    try:
        yield
    finally:
        fleet.members[holder].send(signal.SIGCONT)


@asynccontextmanager
async def work_of_another_version(fleet: Fleet) -> AsyncIterator[None]:
    """Work that a release which was rolled back has left."""
    columns = "workflow_uuid, status, name, application_version, executor_id, created_at, updated_at"
    now = int(time.time() * 1000)
    values = f"'drill', 'PENDING', 'archive', '{FOREIGN_VERSION}', 'gone', {now}, {now}"
    await change(fleet.pooler.url, f"INSERT INTO {{0}}workflow_status ({columns}) VALUES ({values})")
    try:
        yield
    finally:
        await change(fleet.pooler.url, "DELETE FROM {0}workflow_status WHERE workflow_uuid = 'drill'")


@asynccontextmanager
async def receiver_down(fleet: Fleet) -> AsyncIterator[None]:
    before, fleet.receiver.statuses = fleet.receiver.statuses, [503]
    try:
        yield
    finally:
        fleet.receiver.statuses = before


@asynccontextmanager
async def jira_away(fleet: Fleet) -> AsyncIterator[None]:
    fleet.jira.faults.queue.extend(JiraFault(".*") for _ in range(100_000))
    try:
        yield
    finally:
        fleet.jira.faults.queue.clear()


@asynccontextmanager
async def proxy_astray(fleet: Fleet) -> AsyncIterator[None]:
    """nginx leads to a port that one of the gateways had before."""
    await fleet.lead_to(fleet.dead_port)
    try:
        yield
    finally:
        await fleet.lead_to(*(fleet.members[name].port for name in GATEWAYS))


async def holder_of(fleet: Fleet, loop: str) -> str:
    """The name of the process that holds the lease of a loop."""
    processes, holder = {}, ""
    for name in fleet.members:
        samples = await fleet.metrics(name)
        for (metric, labels), _ in samples.items():
            known = dict(labels)
            if metric == "sagegraph_build_info":
                processes[known["process"]] = name
            if metric == "sagegraph_loop_holder" and known["loop"] == loop:
                holder = known["process"]
    return processes[holder]


FAULTS: Final = (
    Fault("group-missing", "The worker's settings have no credentials for the group risk.", group_missing),
    Fault("wrong-secret", "The worker's external id for the group risk is wrong; STS refuses it.", wrong_secret),
    Fault("role-refused", "The role of the group risk may not list or describe models any more.", role_refused),
    Fault("account-throttled", "AWS throttles every List call of the account of the group risk.", account_throttled),
    Fault("database-silent", "The database, or its pooler, answers nothing; connections stand.", database_silent),
    Fault("holder-paused", "The process that held the loop `deployments` is frozen.", holder_paused),
    Fault("other-version", f"Work of version {FOREIGN_VERSION} waits; no process runs it.", work_of_another_version),
    Fault("receiver-down", "The webhook's receiver answers 503.", receiver_down),
    Fault("jira-away", "Jira drops every connection.", jira_away),
    Fault("proxy-astray", "nginx leads to a port at which no gateway listens.", proxy_astray),
)
