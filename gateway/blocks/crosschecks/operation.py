"""What must agree about the gateway's own work: ages in order, and Jira's block where Jira approves."""

from collections.abc import Iterator

from gateway.blocks.deployments import Jira
from gateway.blocks.faults import Fault
from gateway.blocks.readers import seconds
from gateway.blocks.serving import Sagemaker
from gateway.blocks.written import ABSENT, Written


def check(settings: Written) -> Iterator[Fault]:
    """Every fault between `sagemaker`'s ages, `deployments` and `jira`."""
    fresh = _age(settings, "freshSeconds", Sagemaker().fresh_seconds)
    authority = _age(settings, "authoritySeconds", Sagemaker().authority_seconds)
    if fresh is not None and authority is not None and fresh > authority:
        yield Fault("sagemaker.freshSeconds", "is above sagemaker.authoritySeconds; make it that at most")
    if settings["deployments"]["approval"].text() == "jira" and settings["jira"].value is ABSENT:
        yield Fault("jira", "is missing, and deployments.approval is jira; add the block")
    yield from _decisions(settings["jira"])


def _age(settings: Written, key: str, default: float) -> float | None:
    place = settings["sagemaker"][key]
    try:
        return default if place.value is ABSENT else seconds(place.value)
    except ValueError:
        return None


def _decisions(jira: Written) -> Iterator[Fault]:
    """A status approves or rejects, not both; Jira's names of statuses know no case."""
    approving = {status.lower() for status in _statuses(jira["approved"], Jira.model_fields["approved"].default)}
    rejecting = {status.lower() for status in _statuses(jira["rejected"], Jira.model_fields["rejected"].default)}
    if approving & rejecting:
        yield Fault("jira.rejected", "has a status that jira.approved has too; keep it in one of the two")


def _statuses(place: Written, default: tuple[str, ...]) -> tuple[str, ...]:
    if place.value is ABSENT:
        return default
    return tuple(said for status in place.items() if (said := status.text()) is not None)
