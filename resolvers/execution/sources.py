"""Sources: the ways in which the fields of the schema get their values, as the executor reads them."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

LevelAnswers = Coroutine[Any, Any, Sequence[Any]]
"""One answer for each parent, in their order; an exception stands for a failed one."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A field that is the value's attribute of this name: read without a call.

    Attributes:
        name: The attribute's name in Python.
    """

    name: str


DetailFunction = Callable[[Any, Any, Any], Any]
"""From a parent, its detail and the request to a value."""

DetailColumn = Callable[[Sequence[Any], Sequence[Any]], Sequence[Any]]
"""From parents and their details, of which none is missing, to their values."""


@dataclass(frozen=True, slots=True)
class FromDetail:
    """A field that is worked out of a resource's detail, which is read for all parents of a level at once.

    Attributes:
        function: Works the value out; not called for a parent whose detail is gone.
        column: Works the values of many parents out at once; None if it takes the request, or more than a look.
        attribute: The detail's attribute, if the value is that and nothing else.
    """

    function: DetailFunction
    column: DetailColumn | None = None
    attribute: str | None = None


@dataclass(frozen=True, slots=True)
class PerLevel:
    """A field that one call answers for all parents of a level.

    Attributes:
        function: Called as `function(context, parents, **arguments)`; it may take until the request's deadline. See
            resolvers.execution.plan.FieldContext.
    """

    function: Callable[..., LevelAnswers]


@dataclass(frozen=True, slots=True)
class PerParent:
    """A field that is asked of each parent by itself: root fields, and values that the parent alone decides.

    Attributes:
        function: Called as `function(parent, context, **arguments)`; see resolvers.execution.plan.FieldContext.
        is_async: True if it gives a coroutine.
    """

    function: Callable[..., Any]
    is_async: bool


FieldSource = Attribute | FromDetail | PerLevel | PerParent
