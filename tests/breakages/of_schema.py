"""Break `schema/`: limits of documents, inputs, and the codes and texts of errors."""

from typing import Final

from tests.breakages.breakage import Breakage

BREAKAGES: Final = (
    Breakage(
        id="schema-limit-lets-one-more-through",
        file="schema/limits/document_limits.py",
        old="if actual > allowed",
        new="if actual > allowed + 1",
        tests=("tests/schema/limits/test_document_limits.py",),
    ),
    Breakage(
        id="schema-cost-forgets-the-page-size",
        file="schema/limits/complexity.py",
        old="cost = min(self._page_factor(values) * (itself + inner.cost),",
        new="cost = min((itself + inner.cost),",
        tests=("tests/schema/limits/test_complexity.py",),
    ),
    Breakage(
        id="schema-secret-as-default-of-a-variable-passes",
        file="schema/imports/entered_credentials.py",
        old="isinstance(value, VariableNode) and value.name.value not in self._defaults",
        new="isinstance(value, VariableNode)",
        tests=("tests/schema/imports/test_entered_credentials.py",),
    ),
    Breakage(
        id="schema-throttling-has-the-wrong-code",
        file="aws/client/errors.py",
        old='code = "THROTTLED"',
        new='code = "UPSTREAM_UNAVAILABLE"',
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
        file="schema/limits/redaction.py",
        old="if place and not _SAFE_MESSAGES.fullmatch(text):",
        new="if place and _SAFE_MESSAGES.fullmatch(text):",
        tests=("tests/schema/limits/test_redaction.py",),
    ),
    Breakage(
        id="schema-hidden-names-are-suggested",
        file="schema/limits/document_preparation.py",
        old="rules, MAX_ERRORS, hide_suggestions=True)",
        new="rules, MAX_ERRORS, hide_suggestions=False)",
        tests=("tests/schema/test_build.py",),
    ),
    Breakage(
        id="schema-first-of-two-operations-runs",
        file="schema/limits/document_limits.py",
        old="for definition in definitions) > 1:",
        new="for definition in definitions) > 2:",
        tests=("tests/schema/limits/test_document_limits.py",),
    ),
    Breakage(
        id="schema-nodes-takes-one-id-too-many",
        file="schema/queries.py",
        old="if len(ids) > most:",
        new="if len(ids) > most + 1:",
        tests=("tests/resolvers/test_nodes_of_aws.py",),
    ),
    Breakage(
        id="schema-skipped-field-counts",
        file="schema/limits/document_ast.py",
        old='is (name == "skip"):',
        new='is (name == "include"):',
        tests=("tests/schema/limits/test_document_ast.py",),
    ),
    Breakage(
        id="schema-null-leaves-the-rehearsal-out",
        file="schema/deployments/mutations.py",
        old="self.rehearse is not False",
        new="self.rehearse is True",
        tests=("tests/schema/deployments/test_mutations.py",),
    ),
    Breakage(
        id="schema-entered-value-stands-in-repr",
        file="schema/inputs.py",
        old="(key={self.key!r})",
        new="(key={self.key!r}, value={self.text!r})",
        tests=("tests/schema/test_inputs.py",),
    ),
    Breakage(
        id="schema-invalid-documents-are-kept",
        file="schema/limits/prepared_documents.py",
        old="        if not errors:",
        new="        if True:",
        tests=("tests/schema/limits/test_prepared_documents.py",),
    ),
    Breakage(
        id="schema-anonymous-documents-evict-those-of-callers",
        file="schema/limits/document_cache.py",
        old="(self._anonymous if anonymous else self._callers).put",
        new="self._callers.put",
        tests=("tests/schema/limits/test_document_cache.py",),
    ),
    Breakage(
        id="schema-may-be-asked-for-fifteen-times",
        file="schema/limits/introspection.py",
        old="self.values > self._max_values:",
        new="self.values < 0:",
        tests=("tests/schema/limits/test_introspection.py",),
    ),
    Breakage(
        id="schema-document-is-prepared-in-one-step",
        file="concurrency/time_slices.py",
        old="if self._clock() >= self._until and",
        new="if self._clock() > self._until + 3600 and",
        tests=("tests/concurrency/test_time_slices.py",),
    ),
)
