"""resolvers.redaction: keys for everyone, values for those who may see them."""

from typing import Any

import pytest

from aws.scopes import OpenScope
from resolvers.redaction import KeyValue, key_values
from resolvers.request import View

PAIRS = [("A", "s3-cr3t"), ("B", "")]


def view(*, sees_secrets: bool) -> View:
    nothing: Any = None
    return View(OpenScope("k", None, "1", "r", nothing, nothing), "g", sees_secrets, nothing)


def test_values_are_hidden() -> None:
    assert key_values(view(sees_secrets=False), PAIRS) == [
        KeyValue("A", None, redacted=True),
        KeyValue("B", None, redacted=True),
    ]


def test_values_are_shown() -> None:
    assert key_values(view(sees_secrets=True), PAIRS) == [
        KeyValue("A", "s3-cr3t", redacted=False),
        KeyValue("B", "", redacted=False),
    ]


@pytest.mark.parametrize("sees", [True, False])
def test_no_value_is_ever_printed(sees: bool) -> None:
    assert "s3-cr3t" not in repr(key_values(view(sees_secrets=sees), PAIRS))
