"""schema.enums: an enum of the layers below is shown with a description for each of its values, or not at all."""

from enum import Enum
from typing import Any

import pytest

from schema.enums import register_enum


def test_each_value_is_described() -> None:
    class Weather(Enum):
        SUN = "Sun"
        RAIN = "Rain"

    register_enum(Weather, "WeatherKind", "What falls", {"RAIN": "Water", "SUN": "Light"})
    shown: Any = Weather
    definition = shown.__strawberry_definition__
    assert (definition.name, definition.description) == ("WeatherKind", "What falls")
    assert [(value.name, value.description) for value in definition.values] == [("SUN", "Light"), ("RAIN", "Water")]


def test_a_value_without_a_description_stops_the_start() -> None:
    class Weather(Enum):
        SUN = "Sun"
        RAIN = "Rain"

    with pytest.raises(KeyError, match="RAIN"):
        register_enum(Weather, "WeatherKind", "What falls", {"SUN": "Light"})
