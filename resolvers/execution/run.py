"""Runs a plan: level by level, each field of a level for all of its parents."""

from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from inspect import isawaitable
from typing import Any, Final

from graphql import ExecutionResult, GraphQLError
from graphql.execution.values import VariableValues

from concurrency.deadlines import until
from concurrency.time_slices import TimeSlices, checkpoint
from concurrency.tracing import NO_SPAN, Span, current_tracer, span
from concurrency.turns import begin_share
from resolvers.batching import late_error
from resolvers.details import details_of
from resolvers.execution.awaiting import awaited_answers
from resolvers.execution.completion import Completion
from resolvers.execution.direct_rows import Direct, DirectRows, direct_rows
from resolvers.execution.level import Level, LevelCall, Work, settle
from resolvers.execution.outcome import outcome
from resolvers.execution.plain_rows import keep_pages, keep_rows, kept_pages, kept_rows
from resolvers.execution.plan import FieldContext, FieldPlan, ObjectPlan, Plan
from resolvers.execution.sources import FromDetail, PerLevel, PerParent
from resolvers.execution.variables import are_many
from resolvers.lists.page_lists import PageLists

SLICED_PARENTS: Final = 16
"""From so many parents on, the values of a field are completed in time slices: each may hold a page of objects."""

LARGE_OBJECTS: Final = 4_000
"""An answer of so many objects takes a millisecond to be written as JSON, and more."""

Parts = Sequence[tuple[FieldPlan, Level]]
Fields = Sequence[tuple[FieldPlan, Any]]
"""Fields with their sources."""


class LargeExecutionResult(ExecutionResult):
    """The result of an operation that shows at least LARGE_OBJECTS objects."""

    __slots__ = ()


async def run_plan(
    plan: Plan, request: Any, root: Any, variables: VariableValues, slices: TimeSlices
) -> ExecutionResult:
    """Answer an operation.

    Args:
        plan: The operation's plan.
        request: The request, as functions get it; a call for a level takes no longer than until its `deadline`.
        root: The root value.
        variables: The operation's variables, coerced.
        slices: The round robin of long work.
    """
    begin_share()
    running = _Run(plan, request, variables, slices)
    try:
        return await running.run(root)
    finally:
        running.end()


class _Run:
    """One operation being answered."""

    def __init__(self, plan: Plan, request: Any, variables: VariableValues, slices: TimeSlices) -> None:
        self._slices = slices
        self._plan = plan
        self._request = request
        self._variables = variables
        self._levels: list[Level] = []
        self._kept_objects = 0.0
        self._completion = Completion(self._show_objects, self._show_pages)

    def end(self) -> None:
        """Break the cycle of references: an answer in one is garbage for a full collection, which holds the loop."""
        del self._completion

    async def run(self, root: Any) -> ExecutionResult:
        level = Level(self._plan.root, [root], [root])
        if self._plan.is_serial:
            await self._run_serially(level)
        else:
            pending: list[Work] = []
            self._start(level, pending)
            await settle(pending)
        (data,) = level.made
        if self._completion.failed:
            objects = ((level.plan, level.made) for level in self._levels)
            return await self._slices.run(partial(outcome, data, self._plan.root, objects))
        is_large = self._kept_objects + sum(len(level.made) for level in self._levels) >= LARGE_OBJECTS
        return LargeExecutionResult(data, None) if is_large else ExecutionResult(data, None)

    async def _run_serially(self, level: Level) -> None:
        """Each field with all that is selected below it, before the next begins."""
        self._levels.append(level)
        level.make()
        for field, source in level.plan.calls:
            pending: list[Work] = []
            self._call(field, source, level, pending)
            await settle(pending)

    def _show_objects(
        self, field: FieldPlan, plan: ObjectPlan, values: Sequence[Any], inner: Sequence[Any], pending: list[Work]
    ) -> list[Any]:
        """The objects of a field's values: those that are kept, if all of them are."""
        kept = kept_rows(field, plan, values)
        if kept is not None and (known := kept.of(inner)) is not None:
            self._kept_objects += len(known) * kept.objects
            return known
        level, place, waiting = Level(plan, values, inner), len(self._levels), len(pending)
        self._start(level, pending)
        if kept is not None and len(pending) == waiting and not self._completion.failed:
            keep_rows(kept, level, self._levels[place + 1 :])
        return level.made

    def _show_pages(self, field: FieldPlan, values: PageLists, pending: list[Work]) -> list[Any]:
        """Give the objects of lists that follow from pages: the kept ones if those of every page are kept."""
        kept = kept_pages(field, values)
        if kept is not None and (known := kept.of(values.pages)) is not None:
            self._kept_objects += len(known) * kept.objects
            return known
        place, waiting, objects = len(self._levels), len(pending), self._kept_objects
        made = self._completion.object_lists(field, values.lists(), pending)
        if kept is None or len(pending) > waiting or self._completion.failed:
            return made
        return keep_pages(kept, field, values, made, self._levels[place:], self._kept_objects - objects)

    def _start(self, level: Level, pending: list[Work]) -> None:
        """Answer all that needs no waiting, down to the leaves; add the rest to `pending`."""
        self._levels.append(level)
        plan, code = level.plan, direct_rows(level.plan)
        direct = code.of(level)
        self._show_attributes(level, plan.attributes, pending, but=direct)
        if plan.details and not self._show_known_details(level, plan.details, pending, but=direct):
            direct = code.without_details(direct)
            pending.append(partial(self._read_details, level))
        for field, source in plan.calls:
            self._call(field, source, level, pending)
        if direct:
            self._write_directly(level, code, direct, pending)
        level.make()
        pending.extend(LevelCall(self._ask, field, level) for field, _ in plan.levels)

    def _write_directly(self, level: Level, code: DirectRows, direct: Direct, pending: list[Work]) -> None:
        """Make the objects by code; complete its fields like the others if a value does not fit."""
        try:
            code.write(level, direct)
        except Exception:  # noqa: BLE001 - completion, below, sees which value does not fit.
            attributes = [(field, source) for field, source in level.plan.attributes if field in direct]
            self._show_attributes(level, attributes, pending)
            details = [(field, source) for field, source in level.plan.details if field in direct]
            if details and not self._show_known_details(level, details, pending):
                pending.append(partial(self._read_details, level, details))
        checkpoint()

    def _show_attributes(
        self, level: Level, fields: Fields, pending: list[Work], *, but: Container[FieldPlan] = ()
    ) -> None:
        for field, source in fields:
            if field not in but:
                self._completion.complete(field, level, level.attribute(source.name), pending)

    def _show_known_details(
        self, level: Level, fields: Fields, pending: list[Work], *, but: Container[FieldPlan] = ()
    ) -> bool:
        """Complete fields of details; False if a detail is missing, in which case nothing was done."""
        fields = [(field, source) for field, source in fields if field not in but]
        if fields:
            details = level.attribute("detail")
            if type(None) in set(map(type, details)):
                return False
            self._show_details(level, fields, details, pending)
        return True

    async def _read_details(self, level: Level, fields: Fields | None = None) -> None:
        details = await details_of(self._request, level.parents)
        shown = level.plan.details if fields is None else fields
        await self._go_on(partial(self._show_details, level, shown, details), len(level.parents))

    def _show_details(self, level: Level, fields: Fields, details: Sequence[Any], pending: list[Work]) -> None:
        is_known = not any(issubclass(class_, Exception | type(None)) for class_ in set(map(type, details)))
        for field, source in fields:
            values = self._detail_column(source, level, details) if is_known else None
            if values is None:
                pairs = zip(level.parents, details, strict=True)
                values = [self._of_detail(source, parent, detail) for parent, detail in pairs]
            self._completion.complete(field, level, values, pending)

    def _detail_column(self, source: FromDetail, level: Level, details: Sequence[Any]) -> Sequence[Any] | None:
        """The values of all parents at once; None if each is to be worked out by itself, as if one fails."""
        try:
            return None if source.column is None else source.column(level.parents, details)
        except Exception:  # noqa: BLE001 - the one that fails is found by itself.
            return None

    def _of_detail(self, source: FromDetail, parent: Any, detail: Any) -> Any:
        if detail is None or isinstance(detail, Exception):
            return detail
        try:
            return source.function(parent, detail, self._request)
        except Exception as error:  # noqa: BLE001 - a field's failure is shown in its place, of any type.
            return error

    def _call(self, field: FieldPlan, source: PerParent, level: Level, pending: list[Work]) -> None:
        if source.is_async:
            # Nothing is begun before it is awaited, so that nothing is left over if the request ends early.
            pending.append(partial(self._await_calls, field, source, level))
            return
        answers = self._answers(source, level, *self._arguments(field))
        if any(map(isawaitable, answers)):
            pending.append(partial(self._await_answers, field, level, answers))
        else:
            self._completion.complete(field, level, answers, pending)

    def _arguments(self, field: FieldPlan) -> tuple[FieldContext, Mapping[str, Any] | GraphQLError]:
        """The context of a field, and its arguments, or the error of those that are at fault."""
        context = FieldContext(self._request, field, self._variables)
        try:
            return context, field.arguments(self._variables)
        except GraphQLError as error:
            return context, error

    def _answers(
        self, source: PerParent, level: Level, context: FieldContext, arguments: Mapping[str, Any] | GraphQLError
    ) -> list[Any]:
        if isinstance(arguments, GraphQLError):
            return [arguments] * len(level.parents)
        answers = []
        for parent in level.parents:
            try:
                answers.append(source.function(parent, context, **arguments))
            except Exception as error:  # noqa: BLE001 - as above.
                answers.append(error)
        return answers

    async def _await_calls(self, field: FieldPlan, source: PerParent, level: Level) -> None:
        work = partial(self._arguments, field)
        arguments = await self._slices.run(work) if are_many(self._variables.coerced) else work()
        await self._await_answers(field, level, self._answers(source, level, *arguments))

    async def _await_answers(self, field: FieldPlan, level: Level, answers: list[Any]) -> None:
        with _shown(field, len(answers)):
            awaited = await awaited_answers(answers)
        await self._go_on(partial(self._completion.complete, field, level, awaited), len(awaited))

    async def _ask(self, parts: Parts) -> None:
        """Ask for a field of all parents of these levels in one call."""
        (_, level), *others = parts
        parents = [parent for _, level in parts for parent in level.parents] if others else level.parents
        with _shown(parts[0][0], len(parents)):
            answers = await self._level_answers(parts[0][0], parents)
        await self._go_on(partial(self._deal_out, parts, answers), len(parents))

    def _deal_out(self, parts: Parts, answers: Sequence[Any], pending: list[Work]) -> None:
        if len(parts) == 1:
            self._completion.complete(*parts[0], answers, pending)
            return
        begin = 0
        for field, level in parts:
            end = begin + len(level.parents)
            self._completion.complete(field, level, answers[begin:end], pending)
            begin = end

    async def _level_answers(self, field: FieldPlan, parents: Sequence[Any]) -> Sequence[Any]:
        source, error = field.source, Exception()
        assert isinstance(source, PerLevel)  # noqa: S101 - see `_start`.
        try:
            arguments = field.arguments(self._variables)
            context = FieldContext(self._request, field, self._variables)
            asking = source.function(context, parents, **arguments)
            work = self._slices.run_async(asking) if len(parents) >= SLICED_PARENTS else asking
            answers = await until(self._request.deadline, work)
            if len(answers) == len(parents):
                return answers
            error = ValueError(f"{source.function!r} gave {len(answers)} answers to {len(parents)} parents.")
        except TimeoutError:
            error = late_error()
        except Exception as raised:  # noqa: BLE001 - as above.
            error = raised
        return [error] * len(parents)

    async def _go_on(self, complete: Callable[[list[Work]], None], parents: int) -> None:
        """Complete values of so many parents, in time slices if that may take long, and then do their pending work."""
        pending: list[Work] = []
        if parents >= SLICED_PARENTS:
            await self._slices.run(partial(complete, pending))
        else:
            complete(pending)
        await settle(pending)


def _shown(field: FieldPlan, parents: int) -> AbstractContextManager[Span]:
    """Show the answering of a field of one level as a span, if the request is traced."""
    if current_tracer.get() is None:
        return NO_SPAN
    return span(f"{field.parent.name}.{field.nodes[0].name.value}", {"sagegraph.parents": parents})
