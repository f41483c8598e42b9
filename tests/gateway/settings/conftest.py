"""What the tests of the settings share: the faults of a mapping, by key."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from gateway.settings.settings import SettingsError, SettingsFault, from_mapping

FaultsOf = Callable[[Mapping[str, Any]], dict[str, str]]


@pytest.fixture
def faults_of() -> FaultsOf:
    """Give every fault of a mapping, its message by its key; none is an empty mapping."""

    def faults(data: Mapping[str, Any]) -> dict[str, str]:
        settings_faults: tuple[SettingsFault, ...] = ()
        try:
            from_mapping(data)
        except SettingsError as error:
            settings_faults = error.faults
        by_key = {fault.key: fault.message for fault in settings_faults}
        assert len(by_key) == len(settings_faults), "one key has two faults"
        return by_key

    return faults
