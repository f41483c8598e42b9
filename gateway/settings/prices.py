"""`prices`: the price of an hour of an instance, by its type."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

from gateway.settings.errors import InvalidValueError
from gateway.settings.model import ValueType

_CURRENCY: Final = re.compile("[A-Z]{3}", re.ASCII)
_AMOUNT: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)
_INSTANCE_TYPE: Final = re.compile(r"ml\.[a-z0-9-]+\.[a-z0-9-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Prices:
    """The price table.

    Attributes:
        currency: The currency of all prices, in three capitals.
        by_instance_type: The price of an hour of one instance, by type.
    """

    currency: str = "USD"
    by_instance_type: Mapping[str, float] = field(default_factory=dict)


def _price_table(raw: object) -> Prices:
    if not isinstance(raw, Mapping):
        raise InvalidValueError("is not a mapping; write a price for each type, such as {ml.m5.large: 0.115}")
    currency = raw.get("currency", "USD")
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        raise InvalidValueError("holds a currency that is not three capitals; write one such as USD")
    prices = {key: value for key, value in raw.items() if key != "currency"}
    for key in prices:
        if not isinstance(key, str) or not _INSTANCE_TYPE.fullmatch(key):
            raise InvalidValueError("holds a key that is no instance type; write one such as ml.m5.large")
    return Prices(currency, {key: _price(key, value) for key, value in prices.items()})


def _price(instance_type: str, raw: object) -> float:
    # The file's reader leaves numbers as they are written.
    if isinstance(raw, str) and _AMOUNT.fullmatch(raw):
        raw = float(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw) or raw < 0:
        raise InvalidValueError(
            f"holds a price of {instance_type} that is not a number of 0 or more; write one such as 0.115"
        )
    return float(raw)


_SCHEMA: Final = {
    "type": "object",
    "properties": {"currency": {"type": "string", "pattern": "^[A-Z]{3}$", "default": "USD"}},
    "additionalProperties": {"type": ["number", "string"]},
}
PriceTable = Annotated[
    Prices,
    ValueType(
        "a price for each instance type, such as {currency: USD, ml.m5.large: 0.115}",
        _price_table,
        json_schema=_SCHEMA,
    ),
]
