"""resolvers.visibility: whose records may be seen; who may do what is in tests/live/test_registry_permissions.py."""

from resolvers.visibility import is_visible


def test_who_sees_every_groups_records_sees_those_of_no_group() -> None:
    assert is_visible("risk", None)
    assert is_visible(None, None)


def test_who_sees_some_sees_no_others() -> None:
    assert is_visible("risk", frozenset({"risk"}))
    assert not is_visible("marketing", frozenset({"risk"}))
    assert not is_visible(None, frozenset({"risk"}))
    assert not is_visible("risk", frozenset())
