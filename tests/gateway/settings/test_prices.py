"""gateway.settings.prices: a price for each instance type, and every fault told without its value."""

import pytest

from gateway.settings.errors import SettingsError
from gateway.settings.settings import from_mapping


def faults_of(written: object) -> list[tuple[str, str]]:
    with pytest.raises(SettingsError) as caught:
        from_mapping({"prices": written})
    return [(fault.key, fault.message) for fault in caught.value.faults if fault.key.startswith("prices")]


def test_prices_by_type() -> None:
    prices = from_mapping({"prices": {"currency": "EUR", "ml.m5.large": 0.115, "ml.g5.2xlarge": "2"}}).prices
    assert (prices.currency, prices.by_instance_type) == ("EUR", {"ml.m5.large": 0.115, "ml.g5.2xlarge": 2.0})


def test_nothing_has_a_price_unless_it_is_written() -> None:
    prices = from_mapping({}).prices
    assert (prices.currency, prices.by_instance_type) == ("USD", {})


@pytest.mark.parametrize(
    "written",
    [
        [0.115],
        {"currency": "dollars"},
        {"m5.large": 0.1},
        {"ml.m5.large": -0.1},
        {"ml.m5.large": "cheap"},
        {"ml.m5.large": True},
        {"ml.m5.large": float("nan")},
    ],
)
def test_a_wrong_table_stops_the_start(written: object) -> None:
    ((key, reason),) = faults_of(written)
    assert key == "prices"
    assert "write" in reason
