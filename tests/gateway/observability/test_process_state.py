"""gateway.observability.process_state: what this process leaves to others, and does for them, as numbers."""

from types import SimpleNamespace
from typing import Any

from gateway.observability.process_state import fleet_metrics
from workflows.durable.access import AccessLog, approvals_subject, group_subject
from workflows.durable.fleet import SettingsDifference
from workflows.durable.leader_loop import LoopStatus


async def _probe() -> None:
    """Finds nothing out."""


def samples(engine: Any) -> dict[tuple[str, ...], float]:
    """The value of each sample, by its name and the values of its labels."""
    return {
        (sample.name.removeprefix("sagegraph_"), *sample.labels.values()): sample.value
        for family in fleet_metrics(engine)
        for sample in family.samples
    }


async def test_what_a_process_leaves_and_does_for_others() -> None:
    access = AccessLog()
    access.failed(group_subject("risk", "222222222222", "eu-west-1"), ValueError("No role."), _probe)
    access.failed(approvals_subject("jira"), ValueError("A bad token."), _probe)
    differences = (SettingsDifference("a:1", ("jira", "permissions")), SettingsDifference("b:1", ("jira",)))
    fleet = SimpleNamespace(access=access, handed_over=3, settings_differences=lambda: differences)
    engine = SimpleNamespace(fleet=fleet, loops=[LoopStatus("watch", helping=2), LoopStatus("imports")])
    assert samples(engine) == {
        ("no_access", "group", "risk", "222222222222", "eu-west-1"): 1,
        ("no_access", "approvals", "jira", "", ""): 1,
        ("access_failures_total",): 2,
        ("work_handed_over_total",): 3,
        ("loop_helping", "watch"): 2,
        ("settings_differ", "jira"): 2,
        ("settings_differ", "permissions"): 1,
    }


async def test_a_fleet_without_trouble() -> None:
    fleet = SimpleNamespace(access=AccessLog(), handed_over=0, settings_differences=tuple)
    engine = SimpleNamespace(fleet=fleet, loops=[LoopStatus("watch")])
    assert samples(engine) == {("access_failures_total",): 0, ("work_handed_over_total",): 0}
