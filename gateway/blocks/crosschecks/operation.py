"""What must agree about the gateway's own work: ages in order, and Jira's block where Jira approves."""

from collections.abc import Iterator

from gateway.blocks.deployments import JiraSettings
from gateway.blocks.faults import SettingsFault
from gateway.blocks.readers import seconds
from gateway.blocks.serving import SagemakerSettings
from gateway.blocks.written import ABSENT, RawNode


def check_operation(settings: RawNode) -> Iterator[SettingsFault]:
    """Every fault between `sagemaker`'s ages, `deployments` and `jira`."""
    fresh = _age(settings, "freshSeconds", SagemakerSettings().fresh_seconds)
    authority = _age(settings, "authoritySeconds", SagemakerSettings().authority_seconds)
    if fresh is not None and authority is not None and fresh > authority:
        yield SettingsFault("sagemaker.freshSeconds", "is above sagemaker.authoritySeconds; make it that at most")
    if settings["deployments"]["approval"].text() == "jira" and settings["jira"].value is ABSENT:
        yield SettingsFault("jira", "is missing, and deployments.approval is jira; add the block")
    yield from _check_jira_statuses(settings["jira"])


def _age(settings: RawNode, key: str, default: float) -> float | None:
    place = settings["sagemaker"][key]
    try:
        return default if place.value is ABSENT else seconds(place.value)
    except ValueError:
        return None


def _check_jira_statuses(jira: RawNode) -> Iterator[SettingsFault]:
    """A status approves or rejects, not both; Jira's names of statuses know no case."""
    approving = {
        status.lower() for status in _statuses(jira["approved"], JiraSettings.model_fields["approved"].default)
    }
    rejecting = {
        status.lower() for status in _statuses(jira["rejected"], JiraSettings.model_fields["rejected"].default)
    }
    if approving & rejecting:
        yield SettingsFault("jira.rejected", "has a status that jira.approved has too; keep it in one of the two")


def _statuses(place: RawNode, default: tuple[str, ...]) -> tuple[str, ...]:
    if place.value is ABSENT:
        return default
    return tuple(said for status in place.items() if (said := status.text()) is not None)
