"""resolvers.views.resource_view: as what something was shown first it is shown for the whole response."""

from dataclasses import replace
from typing import cast

from aws.kinds.kind import Kind
from resolvers.views.identity_map import IdentityMap
from resolvers.views.resource_view import ResourceView
from tests.registry.factories import NOON, minutes_after_noon
from tests.schema.snapshot_row import SNAPSHOT_ROW

LIVE, COPY = replace(SNAPSHOT_ROW, scope="live"), replace(SNAPSHOT_ROW, scope="copies")


def identity_map() -> IdentityMap:
    made, view = IdentityMap(), cast("ResourceView", object())
    made.stored_views["copies"] = view
    return made


def test_what_was_shown_first_stays() -> None:
    settled = identity_map()
    assert settled.stored_copy("live", Kind.SNAPSHOT, "churn-3", NOON) is None
    assert settled.first_shown("live", COPY, NOON) is COPY
    assert settled.first_shown("live", LIVE, NOON) is COPY
    assert settled.stored_copy("live", Kind.SNAPSHOT, "churn-3", NOON) is COPY


def test_what_was_shown_live_is_no_copy() -> None:
    settled = identity_map()
    assert settled.first_shown("live", LIVE, NOON) is LIVE
    assert settled.first_shown("live", COPY, NOON) is LIVE
    assert settled.stored_copy("live", Kind.SNAPSHOT, "churn-3", NOON) is None


def test_another_thing_is_another_one() -> None:
    """Seen by somebody else, of another kind, of another name, or made at another time."""
    settled = identity_map()
    settled.first_shown("live", COPY, NOON)
    for owner, kind, name, created_at in (
        ("other", Kind.SNAPSHOT, "churn-3", NOON),
        ("live", Kind.RUNTIME, "churn-3", NOON),
        ("live", Kind.SNAPSHOT, "churn-4", NOON),
        ("live", Kind.SNAPSHOT, "churn-3", minutes_after_noon(1)),
        ("live", Kind.SNAPSHOT, "churn-3", None),
    ):
        assert settled.stored_copy(owner, kind, name, created_at) is None
    assert settled.first_shown("live", LIVE, minutes_after_noon(1)) is LIVE
