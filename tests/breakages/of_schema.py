"""Break `schema/`: limits of documents, inputs, and the codes and texts of errors."""

from typing import Final

from tests.breakages.breakage import Breakage

BREAKAGES: Final = (
    Breakage(
        id="schema-limit-lets-one-more-through",
        file="schema/limits.py",
        old="if found > allowed",
        new="if found > allowed + 1",
        tests=("tests/schema/test_limits.py",),
    ),
    Breakage(
        id="schema-cost-forgets-the-page-size",
        file="schema/measure.py",
        old="cost = min(times * (itself + inner.cost),",
        new="cost = min((itself + inner.cost),",
        tests=("tests/schema/test_measure.py",),
    ),
    Breakage(
        id="schema-secret-as-default-of-a-variable-passes",
        file="schema/entered_credentials.py",
        old="isinstance(value, VariableNode) and value.name.value not in self._defaults",
        new="isinstance(value, VariableNode)",
        tests=("tests/schema/test_entered_credentials.py",),
    ),
    Breakage(
        id="schema-throttling-has-the-wrong-code",
        file="schema/errors.py",
        old='"THROTTLED"',
        new='"UPSTREAM_UNAVAILABLE"',
        tests=("tests/schema/test_errors.py",),
    ),
    Breakage(
        id="schema-unexpected-error-is-told",
        file="schema/errors.py",
        old='if code == "INTERNAL":',
        new='if code == "NOT_FOUND":',
        tests=("tests/schema/test_errors.py",),
    ),
    Breakage(
        id="schema-refused-variable-is-quoted",
        file="schema/wording.py",
        old="if place and not _HARMLESS.fullmatch(said):",
        new="if place and _HARMLESS.fullmatch(said):",
        tests=("tests/schema/test_wording.py",),
    ),
    Breakage(
        id="schema-hidden-names-are-suggested",
        file="schema/build.py",
        old="keeps_to_itself = not introspection",
        new="keeps_to_itself = introspection",
        tests=("tests/schema/test_build.py",),
    ),
    Breakage(
        id="schema-first-of-two-operations-runs",
        file="schema/operations.py",
        old="for each in definitions) > 1:",
        new="for each in definitions) > 2:",
        tests=("tests/schema/test_operations.py",),
    ),
    Breakage(
        id="schema-nodes-takes-one-id-too-many",
        file="schema/queries.py",
        old="if len(ids) > most:",
        new="if len(ids) > most + 1:",
        tests=("tests/resolvers/test_nodes.py",),
    ),
    Breakage(
        id="schema-skipped-field-counts",
        file="schema/documents.py",
        old='is (name == "skip"):',
        new='is (name == "include"):',
        tests=("tests/schema/test_documents.py",),
    ),
    Breakage(
        id="schema-null-leaves-the-rehearsal-out",
        file="schema/deployment_inputs.py",
        old="self.rehearse is not False",
        new="self.rehearse is True",
        tests=("tests/schema/test_deployment_inputs.py",),
    ),
    Breakage(
        id="schema-entered-value-stands-in-repr",
        file="schema/making_inputs.py",
        old="(key={self.key!r})",
        new="(key={self.key!r}, value={self.text!r})",
        tests=("tests/schema/test_making_inputs.py",),
    ),
)
