"""resolvers.secret_values: keys for everyone, values for those who may see them."""

from typing import Any

import pytest

from aws.scopes import OpenScope
from resolvers.secret_values import RedactableValue, key_values
from resolvers.views.resource_view import LiveView

PAIRS = [("A", "s3-cr3t"), ("B", "")]


def view(*, sees_secrets: bool) -> LiveView:
    nothing: Any = None
    return LiveView(OpenScope("k", None, "1", "r", nothing, nothing), "g", sees_secrets, nothing)


def test_values_are_hidden() -> None:
    assert key_values(view(sees_secrets=False), PAIRS) == [
        RedactableValue("A", None, redacted=True),
        RedactableValue("B", None, redacted=True),
    ]


def test_values_are_shown() -> None:
    assert key_values(view(sees_secrets=True), PAIRS) == [
        RedactableValue("A", "s3-cr3t", redacted=False),
        RedactableValue("B", "", redacted=False),
    ]


@pytest.mark.parametrize("sees", [True, False])
def test_no_value_is_ever_printed(sees: bool) -> None:
    assert "s3-cr3t" not in repr(key_values(view(sees_secrets=sees), PAIRS))
