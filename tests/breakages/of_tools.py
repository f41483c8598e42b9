"""Break the rules told beforehand, the schema's presentation, the Host check, `explore`, and tools for models."""

from typing import Final

from tests.breakages.breakage import Breakage

BREAKAGES: Final = (
    Breakage(
        id="tools-approval-becomes-a-tool",
        file="gateway/mcp/tools.py",
        old="or Permission.APPROVE in takes:",
        new="or Permission.READ in takes:",
        tests=("tests/gateway/mcp/test_tools.py",),
    ),
    Breakage(
        id="tools-mutations-need-no-switch",
        file="gateway/mcp/tools.py",
        old="(tool.changes and not self._mutations)",
        new="(tool.changes and self._mutations is None)",
        tests=("tests/gateway/mcp/test_tools.py",),
    ),
    Breakage(
        id="tools-fragments-of-the-root-are-not-looked-into",
        file="gateway/mcp/tools.py",
        old="            yield from _root_fields(spread, fragments)",
        new="            yield from ()",
        tests=("tests/gateway/mcp/test_tools.py",),
    ),
    Breakage(
        id="tools-a-page-of-any-origin-asks",
        file="gateway/mcp/endpoint.py",
        old="is not None and origin not in self._origins:",
        new="is None and origin not in self._origins:",
        tests=("tests/gateway/mcp/test_endpoint.py",),
    ),
    Breakage(
        id="tools-nobody-is-let-in",
        file="gateway/mcp/endpoint.py",
        old='elif scope["caller"] is None:',
        new='elif scope["caller"] is False:',
        tests=("tests/gateway/mcp/test_endpoint.py",),
    ),
    Breakage(
        id="tools-everybody-is-shown-the-audit",
        file="gateway/mcp/endpoint.py",
        old="    return all(any(permission in permissions for",
        new="    return True or all(any(permission in permissions for",
        tests=("tests/gateway/mcp/test_endpoint.py",),
    ),
    Breakage(
        id="explore-answers-for-any-host",
        file="gateway/host_check.py",
        old="return len(hosts) == 1 and",
        new="return len(hosts) >= 0 or",
        tests=("tests/gateway/test_host_check.py",),
    ),
    Breakage(
        id="explore-everybody-may-import",
        file="gateway/settings/explore.py",
        old='"allow": [Permission.READ.value]',
        new='"allow": [Permission.READ.value, Permission.IMPORT.value]',
        tests=("tests/gateway/settings/test_explore.py",),
    ),
    Breakage(
        id="denials-four-eyes-are-not-told",
        file="resolvers/deployments/action_rules.py",
        old="if action in DECISIONS and _key(row) in barred:",
        new="if action in DECISIONS and _key(row) in superseded:",
        tests=("tests/resolvers/deployments/test_action_rules.py",),
    ),
    Breakage(
        id="metrics-period-ignores-what-cloudwatch-keeps",
        file="resolvers/monitoring.py",
        old="if _points(chosen) <= most and period % kept == 0:",
        new="if _points(chosen) <= most:",
        tests=("tests/resolvers/test_monitoring.py",),
    ),
    Breakage(
        id="schema-nulls-are-printed-as-defaults",
        file="schema/presentation.py",
        old="        if value.default_value is None:",
        new="        if value.default_value is False:",
        tests=("tests/contract/test_printed_schema.py",),
    ),
)
