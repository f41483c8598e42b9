"""aws.inventory.derived_values: values that are worked out once for each description."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aws.inventory import derived_values
from aws.inventory.derived_values import DerivedValues
from aws.kinds.kind import Kind
from aws.kinds.snapshots import Snapshot

MOMENT = datetime(2026, 1, 31, 12, tzinfo=UTC)
ONE = Snapshot(
    scope="scope", name="one", arn="arn", account_id="1", region="r", creation_time=MOMENT, as_of=MOMENT, detail=None
)


def test_a_value_is_worked_out_once_for_each_resource() -> None:
    kept, asked = DerivedValues(), list[Snapshot]()

    def name_of(snapshot: Snapshot) -> str:
        asked.append(snapshot)
        return snapshot.name.upper()

    again = replace(ONE)
    assert [kept.get(each, name_of) for each in (ONE, ONE, again, ONE)] == ["ONE"] * 4
    # An equal one is another reading: only the very same one is known to be as it was.
    assert list(map(id, asked)) == list(map(id, [ONE, again, ONE]))
    assert kept.get(ONE, lambda snapshot: snapshot.kind) is Kind.SNAPSHOT


def test_values_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derived_values, "MAX_VALUES", 2)
    kept = DerivedValues()
    for name in "abcde":
        assert kept.get(replace(ONE, name=name), str) == str(replace(ONE, name=name))
    assert 0 < kept.bytes <= 3_000
