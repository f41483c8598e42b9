"""Break `resolvers/`: pages, filters, permissions, redaction and the audit."""

from typing import Final

from tests.breakages.breakage import Breakage

BREAKAGES: Final = (
    Breakage(
        id="resolvers-hidden-value-is-shown",
        file="resolvers/redaction.py",
        old="(key, None, redacted=True) for key, _ in pairs",
        new="(key, value, redacted=True) for key, value in pairs",
        tests=("tests/resolvers/test_redaction.py",),
    ),
    Breakage(
        id="resolvers-page-begins-with-the-last-row",
        file="resolvers/lists.py",
        old="return here > there if order.ascending else here < there",
        new="return here >= there if order.ascending else here <= there",
        tests=("tests/resolvers/test_lists.py", "tests/resolvers/test_paging.py"),
    ),
    Breakage(
        id="resolvers-cursor-of-another-list-is-taken",
        file="resolvers/cursors.py",
        old="if not isinstance(digest, str) or self.encode(place) != cursor:",
        new="if not isinstance(digest, str):",
        tests=("tests/resolvers/test_cursors.py",),
    ),
    Breakage(
        id="resolvers-page-of-none-is-taken",
        file="resolvers/connections.py",
        old="if not 1 <= size <=",
        new="if not 0 <= size <=",
        tests=("tests/resolvers/test_connections.py",),
    ),
    Breakage(
        id="resolvers-permission-is-not-asked-for",
        file="resolvers/performing.py",
        old="if not any(act.permission in policy.permissions(caller, group) for group in groups):",
        new="if not groups:",
        tests=("tests/resolvers/test_performing.py",),
    ),
    Breakage(
        id="resolvers-refusal-is-audited-as-a-failure",
        file="resolvers/performing.py",
        old="detail = AuditOutcome.REFUSED, str(error)",
        new="detail = AuditOutcome.FAILED, str(error)",
        tests=("tests/resolvers/test_performing.py",),
    ),
    Breakage(
        id="resolvers-starter-approves-their-own",
        file="resolvers/deployment_acts.py",
        old="and not means.rules.self_approval:",
        new="and means.rules.self_approval:",
        tests=("tests/resolvers/test_deployment_acts.py",),
    ),
    Breakage(
        id="resolvers-asset-name-climbs-in-the-bucket",
        file="resolvers/asset_names.py",
        old='.lstrip(".")',
        new='.lstrip("/")',
        tests=("tests/resolvers/test_asset_names.py",),
    ),
    Breakage(
        id="resolvers-two-views-share-a-batch",
        file="resolvers/batching.py",
        old="(function, id(owner), arguments)",
        new="(function, arguments)",
        tests=("tests/resolvers/test_batching.py",),
    ),
    Breakage(
        id="resolvers-node-of-another-group-is-shown",
        file="resolvers/own_nodes.py",
        old="if key in found and is_among(found[key][0], seen) else",
        new="if key in found else",
        tests=("tests/resolvers/test_own_nodes.py",),
    ),
    Breakage(
        id="resolvers-node-of-another-account-is-looked-for",
        file="resolvers/nodes.py",
        old="in {None, wanted.account_id}",
        new="is not None",
        tests=("tests/resolvers/test_nodes.py",),
    ),
    Breakage(
        id="resolvers-act-begins-after-the-time-is-up",
        file="resolvers/request.py",
        old=".time() >= self.deadline:",
        new=".time() >= self.deadline + 60:",
        tests=("tests/resolvers/test_request.py",),
    ),
    Breakage(
        id="resolvers-anyone-enters-credentials",
        file="resolvers/entered_imports.py",
        old="for permission in (act.permission, Permission.ENTER_CREDENTIALS):",
        new="for permission in (act.permission,):",
        tests=("tests/resolvers/test_entered_imports.py",),
    ),
    Breakage(
        id="resolvers-created-after-includes-the-moment",
        file="resolvers/filters.py",
        old="made <= given.created_after",
        new="made < given.created_after",
        tests=("tests/resolvers/test_filters.py",),
    ),
    Breakage(
        id="resolvers-tag-filter-drops-the-value",
        file="resolvers/sifting.py",
        old="entry.key in values and (not entry.values or values[entry.key] in entry.values)",
        new="entry.key in values",
        tests=("tests/resolvers/test_sifting.py",),
    ),
    Breakage(
        id="resolvers-model-made-again-counts-as-imported",
        file="resolvers/imported_models.py",
        old="or what.creation_time not in {None, registration.model_created_at}:",
        new=":",
        tests=("tests/resolvers/test_imported_models.py",),
    ),
)
