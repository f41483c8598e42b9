"""Break `registry/`: tables, pages, leases and documents."""

from typing import Final

from tests.breakages.breakage import Breakage

BREAKAGES: Final = (
    Breakage(
        id="registry-earlier-gateway-changes-a-rollout",
        file="registry/migrations/versions/v0014_rollouts.py",
        old="OLD.rollout IS NOT NULL AND NEW.revision = OLD.revision",
        new="OLD.rollout IS NOT NULL AND NEW.revision < OLD.revision",
        tests=("tests/registry/test_rollouts.py",),
    ),
    Breakage(
        id="registry-page-repeats-the-row-of-its-cursor",
        file="registry/pages.py",
        old="else here < there",
        new="else here <= there",
        tests=("tests/registry/test_pages.py",),
    ),
    Breakage(
        id="registry-caller-without-groups-sees-everything",
        file="registry/pages.py",
        old="true() if groups is None else",
        new="true() if not groups else",
        tests=(
            "tests/registry/test_pages.py",
            "tests/registry/test_registrations.py",
        ),
    ),
    Breakage(
        id="registry-first-page-hides-that-there-is-more",
        file="registry/pages.py",
        old=".position <= first + 1",
        new=".position <= first",
        tests=("tests/registry/test_pages.py",),
    ),
    Breakage(
        id="registry-old-holder-renews-a-lease",
        file="registry/leases.py",
        old="(leases.c.holder == lease.holder) & (leases.c.fence == lease.fence)",
        new="(leases.c.holder == lease.holder)",
        tests=("tests/registry/test_leases.py",),
    ),
    Breakage(
        id="registry-older-attempt-moves-a-deployment",
        file="registry/deployments.py",
        old="_COLUMNS.key == expected.key, _COLUMNS.attempt == expected.attempt,",
        new="_COLUMNS.key == expected.key,",
        tests=("tests/registry/test_deployments.py",),
    ),
    Breakage(
        id="registry-reading-may-write",
        file="registry/engines.py",
        old="PRAGMA query_only = ON",
        new="PRAGMA query_only = OFF",
        tests=("tests/registry/test_database.py", "tests/registry/test_engines.py"),
    ),
    Breakage(
        id="registry-expired-upload-is-taken",
        file="registry/uploads.py",
        old="uploads.c.expires_at > now,",
        new="uploads.c.expires_at != now,",
        tests=("tests/registry/test_uploads.py",),
    ),
    Breakage(
        id="registry-metadata-may-be-a-level-deeper",
        file="registry/custom_metadata.py",
        old="if depth > MAX_DEPTH:",
        new="if depth > MAX_DEPTH + 1:",
        tests=("tests/registry/test_custom_metadata.py",),
    ),
    Breakage(
        id="registry-ended-import-stands-in-the-way",
        file="registry/import_runs.py",
        old="ended_at=at, active_key=None)",
        new="ended_at=at)",
        tests=("tests/registry/test_import_runs.py",),
    ),
    Breakage(
        id="registry-two-processes-send-one-ticket",
        file="registry/tickets.py",
        old="_COLUMNS.filed_at.is_(None), last)",
        new="_COLUMNS.filed_at.is_(None))",
        tests=("tests/registry/test_tickets.py",),
    ),
    Breakage(
        id="registry-time-without-a-zone-is-kept",
        file="registry/column_types.py",
        old="if value.tzinfo is None:",
        new="if value is None:",
        tests=("tests/registry/test_column_types.py",),
    ),
    Breakage(
        id="registry-change-is-not-committed",
        file="registry/database.py",
        old="_engines.writing.begin()",
        new="_engines.writing.connect()",
        tests=("tests/registry/test_database.py",),
    ),
    Breakage(
        id="registry-retention-forgets-the-last-deployment-of-an-endpoint",
        file="registry/retention.py",
        old="_is_over(before), not_(_LAST_OF_RUNTIME), not_(_BARS)",
        new="_is_over(before), not_(_BARS)",
        tests=("tests/registry/test_retention.py",),
    ),
    Breakage(
        id="registry-retention-forgets-who-must-not-decide",
        file="registry/retention.py",
        old="_is_over(before), not_(_LAST_OF_RUNTIME), not_(_BARS)",
        new="_is_over(before), not_(_LAST_OF_RUNTIME)",
        tests=("tests/registry/test_retention.py",),
    ),
    Breakage(
        id="registry-any-later-tables-are-served",
        file="registry/schema_versions.py",
        old="return since is not None and since <= latest_version()",
        new="return since is not None",
        tests=("tests/registry/test_schema_versions.py",),
    ),
    Breakage(
        id="registry-ended-connection-is-used",
        file="registry/connection_checks.py",
        old="return bool(poll.poll(0))",
        new="return False",
        tests=("tests/registry/test_connection_checks.py",),
    ),
    Breakage(
        id="registry-webhooks-hear-of-attempts-alone",
        file="registry/deployments.py",
        old='if values.get("state", expected.state.value) != expected.state.value or "attempt" in values:',
        new='if "attempt" in values:',
        tests=("tests/registry/test_webhook_deliveries.py",),
    ),
)
