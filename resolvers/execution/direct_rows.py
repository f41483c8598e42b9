"""Direct rows: the leaves of a selection that code reads straight off the values, once it is worth its making."""

from collections.abc import Iterator, Mapping
from typing import Final

from resolvers.execution import row_code
from resolvers.execution.leaves import Inline
from resolvers.execution.level import LISTS, OF_VIEWS, Level
from resolvers.execution.plan import FieldPlan, ObjectPlan
from resolvers.execution.row_code import DirectField, RowWriter, row_writer

Direct = Mapping[FieldPlan, DirectField]
NO_FIELDS: Final[Direct] = {}


class DirectRows:
    """The leaves of one selection that are attributes of the values or of their details, and the code that writes them.

    Args:
        plan: The selection.
    """

    __slots__ = ("_attributes", "_every", "_plan", "_shown", "_writers")

    def __init__(self, plan: ObjectPlan) -> None:
        self._plan = plan
        self._attributes = dict(_direct_attributes(plan))
        self._every = self._attributes | dict(_direct_details(plan))
        self._writers: dict[tuple[bool, tuple[str, ...]], RowWriter] = {}
        self._shown = 0

    def of(self, level: Level) -> Direct:
        """The fields of a level that are best left to code: none before many objects of the selection were shown."""
        self._shown += len(level.parents)
        if self._shown < row_code.LEAST_ROWS or type(level.values) not in LISTS:
            return NO_FIELDS
        return self._every

    def without_details(self, direct: Direct) -> Direct:
        """The fields of `direct` without those of details."""
        return self._attributes if direct else direct

    def write(self, level: Level, direct: Direct) -> None:
        """Make the objects of a level, whose other columns are complete.

        Raises:
            Exception: A value is not as the code takes it, in which case nothing was made.
        """
        columns = tuple(level.columns)
        key = direct is self._every, columns
        if (writer := self._writers.get(key)) is None:
            by_key = {field.key: read for field, read in direct.items()}
            writer = self._writers[key] = row_writer(self._plan.template, by_key, columns)
        level.take(writer(level.values, *(level.columns[name] for name in columns)))


def direct_rows(plan: ObjectPlan) -> DirectRows:
    """The direct rows of a selection; they are cached with its plan."""
    known: DirectRows | None = plan.memo.get("direct rows")
    if known is None:
        known = plan.memo["direct rows"] = DirectRows(plan)
    return known


def _direct_attributes(plan: ObjectPlan) -> Iterator[tuple[FieldPlan, DirectField]]:
    for field, source in plan.attributes:
        if (inline := _inline(field)) is not None and source.name not in OF_VIEWS:
            yield field, DirectField(source.name, inline, field.nullable)


def _direct_details(plan: ObjectPlan) -> Iterator[tuple[FieldPlan, DirectField]]:
    for field, source in plan.details:
        if (inline := _inline(field)) is not None and source.attribute is not None:
            yield field, DirectField(f"detail.{source.attribute}", inline, field.nullable)


def _inline(field: FieldPlan) -> Inline | None:
    return None if field.leaf is None or field.is_list else field.leaf.inline
