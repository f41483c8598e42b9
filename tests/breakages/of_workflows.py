"""Break `workflows/`: deployments, imports, Jira and durable work."""

from typing import Final

from tests.breakages.breakage import Breakage

BREAKAGES: Final = (
    Breakage(
        id="workflows-import-keeps-secret-values",
        file="workflows/imports/stored_copies.py",
        old='[[key, ""] for key, _ in element]',
        new="[[key, value] for key, value in element]",
        tests=("tests/workflows/imports/test_stored_copies.py",),
    ),
    Breakage(
        id="workflows-decision-about-another-attempt-counts",
        file="workflows/deployments/decisions.py",
        old="row.attempt != attempt:",
        new="row.attempt > attempt:",
        tests=("tests/workflows/deployments/test_decisions.py",),
    ),
    Breakage(
        id="workflows-changed-snapshot-is-approved",
        file="workflows/deployments/decisions.py",
        old="if snapshot is not None and matches_deployment(row, snapshot):",
        new="if snapshot is not None:",
        tests=("tests/workflows/deployments/test_decisions.py",),
    ),
    Breakage(
        id="workflows-launch-goes-without-deploy",
        file="workflows/deployments/launch.py",
        old="Permission.DEPLOY)",
        new="Permission.READ)",
        tests=("tests/workflows/deployments/test_late_phases.py",),
    ),
    Breakage(
        id="workflows-endpoint-without-tags-is-ours",
        file="workflows/deployments/launch.py",
        old="any(tag.key == DEPLOYMENT",
        new="all(tag.key == DEPLOYMENT",
        tests=("tests/workflows/deployments/test_launch.py",),
    ),
    Breakage(
        id="workflows-comparator-refuses-its-own-maximum",
        file="workflows/deployments/row_comparison.py",
        old="measured > maximum",
        new="measured >= maximum",
        tests=("tests/workflows/deployments/test_row_comparison.py",),
    ),
    Breakage(
        id="workflows-ticket-rests-from-its-first-try",
        file="workflows/deployments/advance.py",
        old="max(0, ticket.tries",
        new="max(1, ticket.tries",
        tests=("tests/workflows/deployments/test_late_phases.py",),
    ),
    Breakage(
        id="workflows-rolled-back-endpoint-counts-as-deployed",
        file="workflows/deployments/finish_launch.py",
        old="and snapshot_name == row.snapshot_name:",
        new="and snapshot_name is not None:",
        tests=("tests/workflows/deployments/test_finish_launch.py",),
    ),
    Breakage(
        id="workflows-endpoint-that-was-there-before-is-put-away",
        file="workflows/deployments/transitions.py",
        old=" and row.runtime_before is None:",
        new=":",
        tests=("tests/workflows/deployments/test_transitions_failures.py",),
    ),
    Breakage(
        id="workflows-snapshot-of-unregistered-models-goes-on",
        file="workflows/deployments/verify.py",
        old="return registrations if registrations and len(registrations) == len(result) else None",
        new="return registrations if registrations else None",
        tests=("tests/workflows/deployments/test_verify.py",),
    ),
    Breakage(
        id="workflows-lease-outlives-one-of-its-clocks",
        file="workflows/durable/held_lease.py",
        old="if any(moment >= end for",
        new="if all(moment >= end for",
        tests=("tests/workflows/durable/test_held_lease.py",),
    ),
    Breakage(
        id="workflows-unexpected-error-is-told",
        file="workflows/durable/context.py",
        old="str(error) if isinstance(error, _SAFE_TO_SHOW) else untold",
        new="str(error)",
        tests=("tests/workflows/durable/test_context.py",),
    ),
    Breakage(
        id="workflows-waiting-work-of-others-is-taken-at-once",
        file="workflows/durable/recovery.py",
        old="row.changed < long_ago",
        new="row.changed > long_ago",
        tests=("tests/workflows/durable/test_recovery.py",),
    ),
    Breakage(
        id="workflows-unreadable-element-counts-as-gone",
        file="workflows/imports/diff.py",
        old="if isinstance(described, AWSError):\n        return False",
        new="if isinstance(described, AWSError):\n        return True",
        tests=("tests/workflows/imports/test_diff.py",),
    ),
    Breakage(
        id="workflows-default-name-loses-a-character",
        file="workflows/imports/default_snapshot.py",
        old="<= MAX_NAME_LENGTH:",
        new="< MAX_NAME_LENGTH:",
        tests=("tests/workflows/imports/test_default_snapshot.py",),
    ),
    Breakage(
        id="workflows-starter-approves-in-jira",
        file="workflows/approvals/jira/decision_poller.py",
        old="if same is not False]",
        new="if same is None]",
        tests=(
            "tests/workflows/approvals/jira/test_decision_poller_accounts.py",
            "tests/workflows/approvals/jira/test_decision_poller.py",
        ),
    ),
    Breakage(
        id="workflows-jira-token-stands-in-an-error",
        file="workflows/approvals/jira/errors.py",
        old='words = words.replace(secret, "…")',
        new="words = words.replace(secret, secret)",
        tests=("tests/workflows/approvals/jira/test_client.py",),
    ),
    Breakage(
        id="workflows-ticket-with-a-lost-answer-is-filed-twice",
        file="workflows/approvals/jira/issue_filer.py",
        old="if left > timedelta(0):",
        new="if left < timedelta(0):",
        tests=("tests/workflows/approvals/jira/test_issue_filer.py",),
    ),
)
