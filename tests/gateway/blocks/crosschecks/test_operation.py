"""gateway.blocks.crosschecks.operation: ages in order, and Jira's block where Jira approves."""

from typing import Any

import pytest

from gateway.blocks.crosschecks.operation import check_operation
from gateway.blocks.written import UNKNOWN, RawNode

TOO_OLD = {"sagemaker.freshSeconds": "is above sagemaker.authoritySeconds; make it that at most"}


def faults(**blocks: Any) -> dict[str, str]:
    return {fault.key: fault.message for fault in check_operation(RawNode(blocks))}


@pytest.mark.parametrize(
    "ages",
    [
        {},
        {"freshSeconds": "900"},
        {"authoritySeconds": "5"},
        {"freshSeconds": 0.5, "authoritySeconds": 0.5},
        {"freshSeconds": UNKNOWN, "authoritySeconds": "1"},
        {"freshSeconds": "text", "authoritySeconds": "1"},
        {"freshSeconds": "1000", "authoritySeconds": None},
    ],
)
def test_ages_in_order(ages: dict[str, Any]) -> None:
    assert faults(sagemaker=ages) == {}


@pytest.mark.parametrize(
    "ages", [{"freshSeconds": "901"}, {"authoritySeconds": "4.9"}, {"freshSeconds": 2, "authoritySeconds": 1}]
)
def test_ages_out_of_order(ages: dict[str, Any]) -> None:
    assert faults(sagemaker=ages) == TOO_OLD


def test_jira_approves_without_its_block() -> None:
    message = "is missing, and deployments.approval is jira; add the block"
    assert faults(deployments={"approval": "jira"}) == {"jira": message}
    assert faults(deployments={"approval": "jira"}, jira={}) == {}
    assert faults(deployments={"approval": "builtin"}) == {}


@pytest.mark.parametrize(
    "jira",
    [{"approved": ["Done", "OK"], "rejected": ["No", "ok"]}, {"approved": ["rejected"]}, {"rejected": ["Done"]}],
)
def test_a_status_that_approves_and_rejects(jira: dict[str, Any]) -> None:
    assert faults(jira=jira) == {"jira.rejected": "has a status that jira.approved has too; keep it in one of the two"}


@pytest.mark.parametrize(
    "jira", [{}, {"approved": ["Yes"], "rejected": ["No"]}, {"approved": 5, "rejected": None}, UNKNOWN]
)
def test_statuses_that_differ(jira: Any) -> None:
    assert faults(jira=jira) == {}
