"""concurrency.call_observer: calls that nobody observes."""

from concurrency.call_observer import UNOBSERVED


def test_nobody_is_told() -> None:
    UNOBSERVED.on_call("ListModels", "OK", 0.1)
    UNOBSERVED.on_wait("ListModels", 0.1)
