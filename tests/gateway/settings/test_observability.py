"""gateway.settings.observability: metrics are on, without a token, and logs begin at info."""

import logging

import pytest

from gateway.settings.settings import SettingsError, from_mapping


def test_the_defaults() -> None:
    observability = from_mapping({}).observability
    assert (observability.metrics, observability.metrics_token, observability.level) == (True, None, logging.INFO)


def test_a_token_hides_itself_and_a_level_is_a_number() -> None:
    observability = from_mapping({"observability": {"metricsToken": "geheim", "logLevel": "warning"}}).observability
    assert observability.metrics_token is not None
    assert ("geheim" in repr(observability), observability.level) == (False, logging.WARNING)


@pytest.mark.parametrize(
    "written", [{"metricsToken": None}, {"metricsToken": " x"}, {"logLevel": "INFO"}, {"metrics": 1}]
)
def test_a_wrong_value_is_told_by_its_key(written: dict[str, object]) -> None:
    with pytest.raises(SettingsError) as text:
        from_mapping({"observability": written})
    assert [fault.key for fault in text.value.faults] == [f"observability.{key}" for key in written]
