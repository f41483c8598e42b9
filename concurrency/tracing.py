"""The seam of traces: what is done for a request or a durable step is shown as spans, if somebody looks."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Final, Protocol

Attributes = Mapping[str, str | int]
"""Facts about a span. They hold no value of a variable, no name of a resource and no secret."""


class Span(Protocol):
    """A span under way."""

    def set(self, name: str, value: str | int) -> None:
        """Set an attribute of the span."""


class Tracer(Protocol):
    """Makes spans."""

    def span(self, name: str, attributes: Attributes, *, remote: bool = False) -> AbstractContextManager[Span]:
        """Show the block as a span below the present one; an exception shows by its code or class alone.

        Args:
            name: The name, one of few.
            attributes: Facts that are known before the block.
            remote: True if the block waits for another service.
        """

    def new_trace(self, name: str, attributes: Attributes) -> AbstractContextManager[Span]:
        """Record the block as the root span of a new trace, and spans within it as its children."""


current_tracer: ContextVar[Tracer | None] = ContextVar("current_tracer", default=None)
"""The tracer of the present request or step; None if it is not traced."""


class _NoSpan:
    """The span of what nobody looks at."""

    def set(self, name: str, value: str | int) -> None:
        """Add nothing."""


NO_SPAN: Final[AbstractContextManager[Span]] = nullcontext(_NoSpan())
"""The context manager of what is not shown."""


def span(name: str, attributes: Attributes, *, remote: bool = False) -> AbstractContextManager[Span]:
    """Show the block as a span of the present trace; nothing is done if there is none."""
    tracer = current_tracer.get()
    return NO_SPAN if tracer is None else tracer.span(name, attributes, remote=remote)
