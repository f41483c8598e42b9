"""Urgency: outside of any flight, a person waits."""

from contextvars import copy_context

from aws.urgency import Urgency, current_urgency


def test_outside_of_a_flight_a_person_waits() -> None:
    assert current_urgency.get().person_waits


def test_an_urgency_is_one_flights_own() -> None:
    """Two that say the same are two; what is changed in one context is seen by all who share it."""
    first, second = Urgency(person_waits=False), Urgency(person_waits=False)
    assert first != second
    context = copy_context()
    context.run(current_urgency.set, first)
    first.person_waits = True
    assert context.run(current_urgency.get) is first
    assert context.run(lambda: current_urgency.get().person_waits)
    assert not second.person_waits
