"""Break `workflows/`: deployments, imports, Jira and durable work."""

from typing import Final

from tests.breakages.breakage import Breakage

BREAKAGES: Final = (
    Breakage(
        id="workflows-import-keeps-secret-values",
        file="workflows/imports/copies.py",
        old='[[key, ""] for key, _ in each]',
        new="[[key, value] for key, value in each]",
        tests=("tests/workflows/imports/test_copies.py",),
    ),
    Breakage(
        id="workflows-decision-about-another-attempt-counts",
        file="workflows/deployments/deciding.py",
        old="course.attempt != attempt:",
        new="course.attempt > attempt:",
        tests=("tests/workflows/deployments/test_deciding.py",),
    ),
    Breakage(
        id="workflows-changed-snapshot-is-approved",
        file="workflows/deployments/deciding.py",
        old="if snapshot is not None and is_same(course, snapshot):",
        new="if snapshot is not None:",
        tests=("tests/workflows/deployments/test_deciding.py",),
    ),
    Breakage(
        id="workflows-launch-goes-without-deploy",
        file="workflows/deployments/launching.py",
        old="Permission.DEPLOY)",
        new="Permission.READ)",
        tests=("tests/workflows/deployments/test_phases.py",),
    ),
    Breakage(
        id="workflows-endpoint-without-tags-is-ours",
        file="workflows/deployments/launching.py",
        old="any(tag.key == DEPLOYMENT",
        new="all(tag.key == DEPLOYMENT",
        tests=("tests/workflows/deployments/test_launching.py",),
    ),
    Breakage(
        id="workflows-comparator-refuses-its-own-maximum",
        file="workflows/deployments/comparisons.py",
        old="measured > maximum",
        new="measured >= maximum",
        tests=("tests/workflows/deployments/test_comparisons.py",),
    ),
    Breakage(
        id="workflows-ticket-rests-from-its-first-try",
        file="workflows/deployments/going_on.py",
        old="max(0, ticket.tries",
        new="max(1, ticket.tries",
        tests=("tests/workflows/deployments/test_phases.py",),
    ),
    Breakage(
        id="workflows-rolled-back-endpoint-counts-as-deployed",
        file="workflows/deployments/settling.py",
        old="and snapshot_name == course.snapshot_name:",
        new="and snapshot_name is not None:",
        tests=("tests/workflows/deployments/test_settling.py",),
    ),
    Breakage(
        id="workflows-endpoint-that-was-there-before-is-put-away",
        file="workflows/deployments/failing.py",
        old=" and course.runtime_before is None:",
        new=":",
        tests=("tests/workflows/deployments/test_failing.py",),
    ),
    Breakage(
        id="workflows-snapshot-of-unregistered-models-goes-on",
        file="workflows/deployments/verifying.py",
        old="if missing or not theirs:",
        new="if missing and not theirs:",
        tests=("tests/workflows/deployments/test_verifying.py",),
    ),
    Breakage(
        id="workflows-lease-outlives-one-of-its-clocks",
        file="workflows/durable/holding.py",
        old="if any(moment >= end for",
        new="if all(moment >= end for",
        tests=("tests/workflows/durable/test_holding.py",),
    ),
    Breakage(
        id="workflows-unexpected-error-is-told",
        file="workflows/durable/work.py",
        old="str(error) if isinstance(error, _TOLD) else untold",
        new="str(error)",
        tests=("tests/workflows/durable/test_work.py",),
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
        file="workflows/imports/findings.py",
        old="if isinstance(what, AWSError):\n        return False",
        new="if isinstance(what, AWSError):\n        return True",
        tests=("tests/workflows/imports/test_findings.py",),
    ),
    Breakage(
        id="workflows-default-name-loses-a-character",
        file="workflows/imports/plans.py",
        old="<= LONGEST_NAME:",
        new="< LONGEST_NAME:",
        tests=("tests/workflows/imports/test_plans.py",),
    ),
    Breakage(
        id="workflows-starter-approves-in-jira",
        file="workflows/jira/polling.py",
        old="same = False if self._means.rules.self_approval else",
        new="same = False if not self._means.rules.self_approval else",
        tests=("tests/workflows/jira/test_who_decides.py", "tests/workflows/jira/test_polling.py"),
    ),
    Breakage(
        id="workflows-jira-token-stands-in-an-error",
        file="workflows/jira/refusals.py",
        old='words = words.replace(secret, "…")',
        new="words = words.replace(secret, secret)",
        tests=("tests/workflows/jira/test_client.py",),
    ),
    Breakage(
        id="workflows-ticket-with-a-lost-answer-is-filed-twice",
        file="workflows/jira/filing.py",
        old="if left > timedelta(0):",
        new="if left < timedelta(0):",
        tests=("tests/workflows/jira/test_filing.py",),
    ),
)
