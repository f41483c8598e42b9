"""concurrency.tracing: spans go to the present tracer, and nowhere without one."""

from collections.abc import Iterator
from contextlib import contextmanager

from concurrency.tracing import NO_SPAN, Attributes, Span, current_tracer, span


class Recording:
    def __init__(self) -> None:
        self.told: list[object] = []

    def set(self, name: str, value: str | int) -> None:
        self.told.append((name, value))

    @contextmanager
    def span(self, name: str, attributes: Attributes, *, remote: bool = False) -> Iterator[Span]:
        self.told.append((name, dict(attributes), remote))
        yield self

    def new_trace(self, name: str, attributes: Attributes) -> object:
        raise AssertionError


def test_without_a_tracer_nothing_is_done() -> None:
    assert span("a", {}) is NO_SPAN
    with span("a", {}) as shown:
        shown.set("b", 1)


def test_spans_go_to_the_present_tracer() -> None:
    tracer = Recording()
    token = current_tracer.set(tracer)  # type: ignore[arg-type]
    with span("a", {"b": 1}, remote=True) as shown:
        shown.set("c", "d")
    current_tracer.reset(token)
    assert tracer.told == [("a", {"b": 1}, True), ("c", "d")]
