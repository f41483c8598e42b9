"""Environment values and hyper-parameters: keys for everyone, values for callers with SEE_SECRETS."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from resolvers.views.resource_view import ResourceView


@dataclass(frozen=True, slots=True)
class RedactableValue:
    """A key and its value.

    Attributes:
        key: The key.
        value: The value; None if the caller may not see it.
        redacted: True if the caller may not see it.
    """

    key: str
    value: str | None = field(repr=False)
    redacted: bool


def key_values(view: ResourceView, pairs: Sequence[tuple[str, str]]) -> Sequence[RedactableValue]:
    """The pairs as the view's caller may see them; notes that the response holds values, if it does."""
    if view.sees_secrets:
        view.identity_map.shows_secrets |= bool(pairs)
        return [RedactableValue(key, value, redacted=False) for key, value in pairs]
    return [RedactableValue(key, None, redacted=True) for key, _ in pairs]
