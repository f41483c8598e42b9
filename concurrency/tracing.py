"""The interface of tracing: work for a request or a durable step is recorded as spans if a tracer is set."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Final, Protocol

Attributes = Mapping[str, str | int]
"""Facts about a span by name. They hold no value of a GraphQL variable, no name of a resource and no secret."""


class Span(Protocol):
    """A span under way."""

    def set(self, name: str, value: str | int) -> None:
        """Set the attribute `name` of the span."""


class Tracer(Protocol):
    """Records spans."""

    def span(self, name: str, attributes: Attributes, *, remote: bool = False) -> AbstractContextManager[Span]:
        """Record the block as a span below the present one; of an exception only its code or class is recorded.

        Args:
            name: The kind of work, one of few names.
            attributes: Facts that are known before the block.
            remote: True if the block waits for another service.
        """

    def new_trace(self, name: str, attributes: Attributes) -> AbstractContextManager[Span]:
        """Record the block as the root span of a new trace, with this name and attributes, and spans within it as
        children.
        """


current_tracer: ContextVar[Tracer | None] = ContextVar("current_tracer", default=None)
"""The tracer of the present request or step; None if it is not traced."""


class _NoSpan:
    """The span of work that is not traced."""

    def set(self, name: str, value: str | int) -> None:
        """Add nothing."""


NO_SPAN: Final[AbstractContextManager[Span]] = nullcontext(_NoSpan())
"""The context manager of a span that is not recorded."""


def span(name: str, attributes: Attributes, *, remote: bool = False) -> AbstractContextManager[Span]:
    """Record the block as the span `name` of the present trace (see `Tracer.span`); do nothing if there is none."""
    tracer = current_tracer.get()
    return NO_SPAN if tracer is None else tracer.span(name, attributes, remote=remote)
