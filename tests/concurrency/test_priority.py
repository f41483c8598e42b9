"""Urgency: outside of any call, a person waits."""

from contextvars import copy_context

from concurrency.priority import Priority, current_priority


def test_outside_of_a_flight_a_person_waits() -> None:
    assert current_priority.get().interactive


def test_a_priority_belongs_to_one_call() -> None:
    """Two that say the same are two; what is changed in one context is seen by all who share it."""
    first, second = Priority(interactive=False), Priority(interactive=False)
    assert first != second
    context = copy_context()
    context.run(current_priority.set, first)
    first.interactive = True
    assert context.run(current_priority.get) is first
    assert context.run(lambda: current_priority.get().interactive)
    assert not second.interactive
