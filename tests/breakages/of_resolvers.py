"""Break `resolvers/`: pages, filters, permissions, redaction and the audit."""

from typing import Final

from tests.breakages.breakage import Breakage

BREAKAGES: Final = (
    Breakage(
        id="resolvers-hidden-value-is-shown",
        file="resolvers/secret_values.py",
        old="(key, None, redacted=True) for key, _ in pairs",
        new="(key, value, redacted=True) for key, value in pairs",
        tests=("tests/resolvers/test_secret_values.py",),
    ),
    Breakage(
        id="resolvers-page-begins-with-the-last-row",
        file="resolvers/lists/resource_list.py",
        old="return here > there if order.ascending else here < there",
        new="return here >= there if order.ascending else here <= there",
        tests=(
            "tests/resolvers/lists/test_resource_list.py",
            "tests/resolvers/lists/test_resource_list_paging.py",
        ),
    ),
    Breakage(
        id="resolvers-cursor-of-another-list-is-taken",
        file="resolvers/lists/cursors.py",
        old="if len(place) != parts or self._encode(*place) != cursor:",
        new="if len(place) != parts:",
        tests=("tests/resolvers/lists/test_cursors.py",),
    ),
    Breakage(
        id="resolvers-page-of-none-is-taken",
        file="resolvers/lists/connections.py",
        old="if not 1 <= size <=",
        new="if not 0 <= size <=",
        tests=("tests/resolvers/lists/test_connections.py",),
    ),
    Breakage(
        id="resolvers-permission-is-not-asked-for",
        file="resolvers/mutations/audited.py",
        old="if not any(context.permission in policy.permissions(caller, group) for group in groups):",
        new="if not groups:",
        tests=("tests/resolvers/mutations/test_audited.py",),
    ),
    Breakage(
        id="resolvers-refusal-is-audited-as-a-failure",
        file="resolvers/mutations/audited.py",
        old="detail = AuditOutcome.REFUSED, str(error)",
        new="detail = AuditOutcome.FAILED, str(error)",
        tests=("tests/resolvers/mutations/test_audited.py",),
    ),
    Breakage(
        id="resolvers-starter-approves-their-own",
        file="resolvers/deployments/actions.py",
        old="and not means.config.self_approval:",
        new="and means.config.self_approval:",
        tests=("tests/resolvers/deployments/test_actions.py",),
    ),
    Breakage(
        id="resolvers-asset-name-climbs-in-the-bucket",
        file="resolvers/assets/names.py",
        old='.lstrip(".")',
        new='.lstrip("/")',
        tests=("tests/resolvers/assets/test_names.py",),
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
        file="resolvers/nodes.py",
        old="if key in found and is_visible(found[key][0], seen) else",
        new="if key in found else",
        tests=("tests/resolvers/test_nodes.py",),
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
        file="resolvers/imports/with_entered_credentials.py",
        old="for permission in (context.permission, Permission.ENTER_CREDENTIALS):",
        new="for permission in (context.permission,):",
        tests=("tests/resolvers/imports/test_with_entered_credentials.py",),
    ),
    Breakage(
        id="resolvers-created-after-includes-the-moment",
        file="resolvers/lists/filters.py",
        old="made <= filter.created_after",
        new="made < filter.created_after",
        tests=("tests/resolvers/lists/test_filters.py",),
    ),
    Breakage(
        id="resolvers-tag-filter-drops-the-value",
        file="resolvers/lists/predicates.py",
        old="entry.key in values and (not entry.values or values[entry.key] in entry.values)",
        new="entry.key in values",
        tests=("tests/resolvers/lists/test_predicates.py",),
    ),
    Breakage(
        id="resolvers-model-made-again-counts-as-imported",
        file="resolvers/registrations/model_relations.py",
        old="or what.creation_time not in {None, registration.model_created_at}:",
        new=":",
        tests=("tests/resolvers/registrations/test_model_relations.py",),
    ),
    Breakage(
        id="resolvers-unexpected-error-is-audited-as-it-is",
        file="resolvers/mutations/audited.py",
        old="str(error) if isinstance(error, _CLIENT_SAFE_ERRORS) else _MASKED_DETAIL",
        new="str(error)",
        tests=("tests/resolvers/mutations/test_audited.py",),
    ),
    Breakage(
        id="resolvers-role-of-another-account-reads-the-node",
        file="resolvers/nodes.py",
        old="if view.scope.account_id == wanted.account_id:",
        new="if view.scope.account_id:",
        tests=("tests/resolvers/test_nodes.py",),
    ),
)
