"""Plans of documents: compiled once, kept with the document, and refused for operations of graphql-core's."""

from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    is_abstract_type,
    visit,
)
from graphql.execution.values import VariableValues

from concurrency.time_slices import TimeSlices
from resolvers.execution.catalog import Catalog
from resolvers.execution.errors import UnplannableError
from resolvers.execution.plan import Plan
from resolvers.execution.run import run_plan
from resolvers.execution.variables import CoercedVariable, VariableCompiler, are_many, coerced_variables

MAX_PLANS: Final = 16
"""The most plans of one document: one for each operation and choice of fields that `@skip` and `@include` leave out."""

MAX_JOBS: Final = 10_000
"""Jobs of answers that wait for their turns at once; all of them, for each request may have a few."""

_NO_VARIABLES: Final = VariableValues({}, {})
_BYTES_OF_FIELD: Final = 2_500


class DocumentPlans:
    """The plans of one valid document.

    Args:
        catalog: The schema's catalog.
        document: The document.
    """

    def __init__(self, catalog: Catalog, document: DocumentNode) -> None:
        self._catalog = catalog
        self._document = document
        self._fragments = {
            part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)
        }
        self._conditions = sorted(set(_condition_variables(document)))
        self._plans: OrderedDict[tuple[int, tuple[bool, ...]], Plan] = OrderedDict()
        self._refusal: UnplannableError | None = _refusal(catalog, document)
        self._variables: dict[int, Sequence[CoercedVariable] | None] = {}

    @property
    def bytes(self) -> int:
        """An upper bound of the memory that the plans take."""
        return _BYTES_OF_FIELD * sum(plan.size for plan in self._plans.values())

    def variables(
        self, operation: OperationDefinitionNode, compiler: VariableCompiler
    ) -> Sequence[CoercedVariable] | None:
        """The variables of an operation of the document; None if graphql-core has to coerce them."""
        key = id(operation)
        if key not in self._variables:
            self._variables[key] = compiler.variables(operation)
        return self._variables[key]

    def plan(self, operation: OperationDefinitionNode, variables: VariableValues) -> Plan:
        """The plan of an operation of the document.

        Raises:
            UnplannableError: graphql-core has to answer it.
        """
        if self._refusal is not None:
            raise self._refusal
        values = {name: variables.coerced.get(name) for name in self._conditions}
        needed = _declared(operation)
        chosen = {name: bool(value) for name, value in values.items() if name in needed}
        if any(values[name] is None for name in chosen):
            raise UnplannableError("condition without a value")
        key = id(operation), tuple(chosen.values())
        if key in self._plans:
            self._plans.move_to_end(key)
        else:
            self._plans[key] = Plan(self._catalog, operation, self._fragments, chosen)
            if len(self._plans) > MAX_PLANS:
                self._plans.popitem(last=False)
        return self._plans[key]


@dataclass(frozen=True, slots=True)
class PreparedOperation:
    """An operation that is ready to be run, or known to be left to graphql-core.

    Attributes:
        plan: Its plan; None if its variables do not fit, or graphql-core has to answer it.
        variables: Its variables, coerced.
        errors: The faults of its variables.
        refusal: The reason for which graphql-core has to answer it; None if it has not.
    """

    plan: Plan | None
    variables: VariableValues
    errors: Sequence[GraphQLError] = ()
    refusal: str | None = None


class BreadthFirstExecutor:
    """Answers the operations that can be planned, and counts them.

    Args:
        catalog: The catalog of the schema.

    Attributes:
        planned: The number of operations that were answered.
        refused: The number of operations that were left to graphql-core, by the reason.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        # Answers that have not begun a job hold nothing that a later turn would bound.
        self._slices = TimeSlices(at_once=MAX_JOBS)
        self._compiler = VariableCompiler(catalog.schema)
        self.planned = 0
        self.refused: Counter[str] = Counter()

    def plans_of(self, document: DocumentNode) -> DocumentPlans:
        """The plans of a valid document, which the caller caches with the document."""
        return DocumentPlans(self._catalog, document)

    async def execute(
        self,
        plans: DocumentPlans,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any] | None,
        request: Any,
        root: Any = None,
    ) -> ExecutionResult | None:
        """The result of an operation; None if graphql-core has to answer it, in which case nothing was called yet.

        Args:
            plans: The document's plans.
            operation: The operation.
            variables: The variables as they were sent.
            request: The request, as functions get it.
            root: The root value.
        """
        prepared = await self.prepare_in_turn(plans, operation, variables)
        if prepared.refusal is not None:
            self.refused[prepared.refusal] += 1
            return None
        return await self.run(prepared, request, root)

    async def run(self, prepared: PreparedOperation, request: Any, root: Any = None) -> ExecutionResult:
        """The result of a prepared operation that is not refused; `request` and `root` as for `execute`."""
        if prepared.plan is None:
            return ExecutionResult(None, list(prepared.errors))
        self.planned += 1
        return await run_plan(prepared.plan, request, root, prepared.variables, self._slices)

    async def prepare_in_turn(
        self, plans: DocumentPlans, operation: OperationDefinitionNode, variables: Mapping[str, Any] | None
    ) -> PreparedOperation:
        """An operation with its plan and its variables; many variables are coerced in time slices."""
        work = partial(self.prepare, plans, operation, variables)
        return await self._slices.run(work) if are_many(variables) else work()

    def prepare(
        self, plans: DocumentPlans, operation: OperationDefinitionNode, variables: Mapping[str, Any] | None
    ) -> PreparedOperation:
        """An operation with its plan and its variables."""
        compiled = plans.variables(operation, self._compiler)
        coerced = coerced_variables(self._catalog.schema, operation, compiled, variables or {})
        if isinstance(coerced, list):
            return PreparedOperation(None, _NO_VARIABLES, coerced)
        try:
            plan = plans.plan(operation, coerced)
        except UnplannableError as error:
            return PreparedOperation(None, coerced, refusal=error.reason)
        return PreparedOperation(plan, coerced)


def _declared(operation: OperationDefinitionNode) -> set[str]:
    return {definition.variable.name.value for definition in operation.variable_definitions or ()}


def _condition_variables(document: DocumentNode) -> Iterator[str]:
    """The names of the variables of `@skip` and `@include`."""
    for part in document.definitions:
        selections = getattr(part, "selection_set", None)
        if selections is not None:
            yield from _conditions_in(selections)


def _conditions_in(selections: SelectionSetNode) -> Iterator[str]:
    for node in selections.selections:
        for directive in node.directives or ():
            for argument in directive.arguments or ():
                if isinstance(argument.value, VariableNode):
                    yield argument.value.name.value
        below = getattr(node, "selection_set", None)
        if below is not None:
            yield from _conditions_in(below)


def _refusal(catalog: Catalog, document: DocumentNode) -> UnplannableError | None:
    """The reason to leave the whole document to graphql-core; None if there is none."""
    for part in document.definitions:
        if isinstance(part, FragmentDefinitionNode) and part.variable_definitions:
            return UnplannableError("fragment with variables")
        if isinstance(part, OperationDefinitionNode) and part.directives:
            return UnplannableError("operation with directives")
    return _unknown_field(catalog, document) if catalog.has_unknown_fields else None


def _unknown_field(catalog: Catalog, document: DocumentNode) -> UnplannableError | None:
    info, unknown = TypeInfo(catalog.schema), list[str]()

    class Fields(Visitor):
        """Looks for a field whose source is not known."""

        def enter_field(self, node: FieldNode, *_rest: Any) -> None:
            parent = info.get_parent_type()
            types = catalog.schema.get_possible_types(parent) if is_abstract_type(parent) else [parent]
            name = node.name.value
            if any(not catalog.knows(type_.name, name) for type_ in types if type_ is not None):
                unknown.append(name)

    visit(document, TypeInfoVisitor(info, Fields()))
    return UnplannableError("field without a source") if unknown else None
