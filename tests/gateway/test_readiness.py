"""gateway.readiness: within a second, whatever is away, with the true reason."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Self

from gateway.draining import Drain
from gateway.readiness import Readiness
from registry.errors import RegistryError, RegistryUnavailableError
from workflows.durable.access import AccessLog, approvals_subject, group_subject
from workflows.durable.engine import WorkflowCount
from workflows.durable.errors import DurableUnavailableError
from workflows.durable.fleet import SettingsDifference


@dataclass
class StubFleet:
    """A fleet of which something is known, or nothing."""

    access: AccessLog = field(default_factory=AccessLog)
    differences: tuple[SettingsDifference, ...] = ()
    left: bool = True

    def is_left(self, _subject: str) -> bool:
        return self.left

    def settings_differences(self) -> tuple[SettingsDifference, ...]:
        return self.differences


@dataclass
class StubEngine:
    """An engine whose look at the database ends when the gate opens."""

    registry_fault: RegistryError | None = None
    is_closing: bool = False
    is_usable: bool = True
    outcome: Any = ()
    looks: int = 0
    fleet: Any = field(default_factory=StubFleet)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def rows(self) -> Self:
        return self

    async def count_foreign(self) -> tuple[WorkflowCount, ...]:
        self.looks += 1
        await self.gate.wait()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return tuple(self.outcome)


def readiness(engine: Any, drain: Drain | None = None, patience: float = 0.05) -> Readiness:
    return Readiness(engine, drain or Drain(), patience)


def opened(**state: Any) -> StubEngine:
    engine = StubEngine(**state)
    engine.gate.set()
    return engine


async def test_ready() -> None:
    report = await readiness(opened()).report()
    assert (report.status, report.body) == (200, {"status": "ok"})


async def test_work_of_other_versions_is_named() -> None:
    counts = [WorkflowCount("import", "ENQUEUED", 1, 0.0, "0"), WorkflowCount("import", "PENDING", 2, 0.0, "0")]
    report = await readiness(opened(outcome=counts)).report()
    work = [{"version": "0", "name": "import", "count": 3}]
    assert (report.status, report.body) == (200, {"status": "ok", "unfinishedWorkOfOtherVersions": work})


async def test_what_this_process_has_no_access_to_is_named_with_its_reason() -> None:
    async def probe() -> None:
        raise AssertionError

    fleet = StubFleet()
    fleet.access.failed(group_subject("risk", "222222222222", "eu-west-1"), ValueError("No role."), probe)
    fleet.access.failed(approvals_subject("jira"), ValueError("A bad token."), probe)
    report = await readiness(opened(fleet=fleet)).report()
    assert (report.status, report.body["status"]) == (200, "degraded")
    group, jira = report.body["noAccess"]
    assert group == {
        "group": "risk",
        "accountId": "222222222222",
        "region": "eu-west-1",
        "since": group["since"],
        "reason": "No role.",
        "leftToOthers": True,
    }
    assert (jira["approvals"], jira["reason"]) == ("jira", "A bad token.")


async def test_other_settings_are_named_and_degrade_nothing() -> None:
    fleet = StubFleet(differences=(SettingsDifference("machine:1", ("jira", "permissions")),))
    report = await readiness(opened(fleet=fleet)).report()
    differing = [{"process": "machine:1", "blocks": ["jira", "permissions"]}]
    assert (report.status, report.body) == (200, {"status": "ok", "settingsDiffer": differing})


async def test_the_database_s_own_reason_is_told_without_asking_it() -> None:
    engine = StubEngine(registry_fault=RegistryUnavailableError("It is away."), is_usable=False)
    report = await readiness(engine).report()
    assert (report.status, report.body) == (200, {"status": "degraded", "reason": "It is away."})
    assert engine.looks == 0


async def test_a_lost_lease_is_waited_for_by_nobody() -> None:
    engine = StubEngine(is_usable=False)
    report = await readiness(engine).report()
    assert (report.status, report.body["status"], engine.looks) == (200, "degraded", 0)


async def test_a_fault_of_the_look_is_told() -> None:
    for fault in (RegistryUnavailableError("It is away."), DurableUnavailableError("It is away.")):
        report = await readiness(opened(outcome=fault)).report()
        assert (report.status, report.body) == (200, {"status": "degraded", "reason": "It is away."})


async def test_a_database_that_hangs_is_asked_once_and_nobody_waits_for_it() -> None:
    engine = StubEngine()
    ready = readiness(engine, patience=0.02)
    begun = time.monotonic()
    reports = await asyncio.gather(*(ready.report() for _ in range(20)))
    reports.append(await ready.report())
    assert time.monotonic() - begun < 1
    assert {(report.status, report.body["status"]) for report in reports} == {(200, "degraded")}
    assert engine.looks == 1
    engine.gate.set()
    assert (await ready.report()).body == {"status": "ok"}
    assert (await ready.report()).body == {"status": "ok"}
    assert engine.looks == 2


async def test_the_end() -> None:
    assert (await readiness(opened(is_closing=True)).report()).status == 503
    drain = Drain()
    drain.begin()
    report = await readiness(opened(), drain).report()
    assert (report.status, report.body) == (503, {"status": "ending"})


async def test_a_look_under_way_ends_with_the_process() -> None:
    ready = readiness(StubEngine(), patience=0.001)
    await ready.report()
    assert ready._look is not None
    await ready.aclose()
    assert ready._look.cancelled()
