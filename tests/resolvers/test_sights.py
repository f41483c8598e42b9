"""resolvers.sights: as what something was shown first it is shown for the whole response."""

from dataclasses import replace

from aws.kinds import Kind
from resolvers.sights import Settled
from tests.registry.making import NOON, later
from tests.schema.resources import SNAPSHOT

LIVE, COPY = replace(SNAPSHOT, scope="live"), replace(SNAPSHOT, scope="copies")


def test_what_was_shown_first_stays() -> None:
    settled = Settled()
    assert settled.copy("live", Kind.SNAPSHOT, "churn-3", NOON) is None
    assert settled.keep("live", COPY, NOON) is COPY
    assert settled.keep("live", LIVE, NOON) is COPY
    assert settled.copy("live", Kind.SNAPSHOT, "churn-3", NOON) is COPY


def test_what_was_shown_live_is_no_copy() -> None:
    settled = Settled()
    assert settled.keep("live", LIVE, NOON) is LIVE
    assert settled.keep("live", COPY, NOON) is LIVE
    assert settled.copy("live", Kind.SNAPSHOT, "churn-3", NOON) is None


def test_another_thing_is_another_one() -> None:
    """Seen by somebody else, of another kind, of another name, or made at another time."""
    settled = Settled()
    settled.keep("live", COPY, NOON)
    for owner, kind, name, created_at in (
        ("other", Kind.SNAPSHOT, "churn-3", NOON),
        ("live", Kind.RUNTIME, "churn-3", NOON),
        ("live", Kind.SNAPSHOT, "churn-4", NOON),
        ("live", Kind.SNAPSHOT, "churn-3", later(1)),
        ("live", Kind.SNAPSHOT, "churn-3", None),
    ):
        assert settled.copy(owner, kind, name, created_at) is None
    assert settled.keep("live", LIVE, later(1)) is LIVE
