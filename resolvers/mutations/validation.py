"""Input validation that reports all faults at once."""

from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from aws.kinds.kind import Kind
from registry.errors import MetadataError
from registry.storable_text import is_storable
from resolvers.errors import UserError, UserErrorCode, UserFaultError, user_errors_of, user_fault
from resolvers.lookups import name_fault

P = ParamSpec("P")
Checked = TypeVar("Checked")


class InputChecks:
    """Makes checks, and keeps what they find at fault until all are made."""

    def __init__(self) -> None:
        self._errors: list[UserError] = []

    def run(self, check: Callable[P, Checked], *args: P.args, **more: P.kwargs) -> Checked | None:
        """The result of a check; None if it finds a fault, which `raise_if_any` reports."""
        try:
            return check(*args, **more)
        except (UserFaultError, MetadataError) as error:
            self._errors += user_errors_of(error) or ()
            return None

    def raise_if_any(self) -> None:
        """Returns only where nothing was found at fault. Raises UserFaultError, which tells of every fault."""
        if self._errors:
            raise UserFaultError(self._errors)


MAX_DISPLAY_NAME_LENGTH: Final = 256
MAX_DESCRIPTION_LENGTH: Final = 10_000


def check_resource_name(kind: Kind, name: str, field: str) -> None:
    """Raise UserFaultError if nothing of this kind can have the name."""
    if fault := name_fault(kind, name):
        raise user_fault(fault, UserErrorCode.INVALID, field)


def checked_display_name(text: str | None) -> str | None:
    """The name without the spaces around it; None for none. Raises UserFaultError for an empty or too long one."""
    text = checked_text(text, MAX_DISPLAY_NAME_LENGTH, "displayName")
    if text is not None and not text.strip():
        raise user_fault("The display name is empty; give one, or leave it out.", UserErrorCode.INVALID, "displayName")
    return text if text is None else text.strip()


def checked_text(text: str | None, max_length: int, *path: str) -> str | None:
    """Return a text that the registry can keep. Raises UserFaultError if it is too long or holds illegal characters."""
    if text is not None and len(text) > max_length:
        raise user_fault(f"This may have {max_length:,} characters, not {len(text):,}.", UserErrorCode.INVALID, *path)
    if text is not None and not is_storable(text):
        raise user_fault("This holds a NUL or half of a surrogate pair; leave it out.", UserErrorCode.INVALID, *path)
    return text
