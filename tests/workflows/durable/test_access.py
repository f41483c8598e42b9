"""workflows.durable.access: what this process has no access to, told once and for as long as it lasts."""

import asyncio
import logging

import pytest

from workflows.durable.access import (
    AccessLog,
    approvals_subject,
    describe_subject,
    failing_subjects,
    group_subject,
)

RISK = group_subject("risk/eu", "222222222222", "eu-west-1")


async def _probe() -> None:
    """Finds nothing out."""


def test_subjects() -> None:
    assert describe_subject(RISK) == {"group": "risk/eu", "accountId": "222222222222", "region": "eu-west-1"}
    assert describe_subject(approvals_subject("jira")) == {"approvals": "jira"}


async def test_a_fault_is_logged_once_and_keeps_its_beginning(caplog: pytest.LogCaptureFixture) -> None:
    access = AccessLog()
    access.failed(RISK, ValueError("No role."), _probe)
    first = access.faults[RISK]
    access.failed(RISK, ValueError("No role."), _probe)
    assert (access.failures, len(caplog.records), access.changed.is_set()) == (1, 1, True)
    access.failed(RISK, ValueError("No key."), _probe)
    assert (access.faults[RISK].reason, access.faults[RISK].since) == ("No key.", first.since)
    assert access.failures == 1
    access.changed.clear()
    with caplog.at_level(logging.INFO):
        access.worked(RISK)
        access.worked(RISK)
    assert (access.faults, access.changed.is_set(), len(caplog.records)) == ({}, True, 3)


async def test_a_step_learns_what_failed_in_it_and_in_the_tasks_that_it_began() -> None:
    access = AccessLog()

    async def fail() -> None:
        access.failed(RISK, ValueError("No role."), _probe)

    with failing_subjects() as outer:
        with failing_subjects() as failed:
            await asyncio.create_task(fail())
        assert failed == {RISK}
        assert outer == set()
    await fail()
    assert failed == {RISK}


async def test_probes_try_what_has_failed_and_nothing_else() -> None:
    access, tried = AccessLog(), []

    def probe_of(subject: str, *, heals: bool) -> None:
        async def probe() -> None:
            tried.append(subject)
            if not heals:
                raise ValueError("Still not.")
            access.worked(subject)

        access.failed(subject, ValueError("Not now."), probe)

    jira = approvals_subject("jira")
    probe_of(RISK, heals=False)
    probe_of(jira, heals=True)
    await access.probe()
    await access.probe()
    assert (tried, set(access.faults)) == ([RISK, jira, RISK], {RISK})
