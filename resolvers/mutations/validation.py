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
    """Runs checks, and keeps the faults that they raise until all are run."""

    def __init__(self) -> None:
        self._errors: list[UserError] = []

    def run(self, check: Callable[P, Checked], *args: P.args, **more: P.kwargs) -> Checked | None:
        """The result of a check, called with the arguments; None if it finds a fault, which `raise_if_any` reports."""
        try:
            return check(*args, **more)
        except (UserFaultError, MetadataError) as error:
            self._errors += user_errors_of(error) or ()
            return None

    def raise_if_any(self) -> None:
        """Raise UserFaultError, with every fault, if there is one."""
        if self._errors:
            raise UserFaultError(self._errors)


MAX_DISPLAY_NAME_LENGTH: Final = 256
MAX_DESCRIPTION_LENGTH: Final = 10_000


def check_resource_name(kind: Kind, name: str, field: str) -> None:
    """Raise UserFaultError for a `field` of the input whose name nothing of this kind can have."""
    if fault := name_fault(kind, name):
        raise user_fault(fault, UserErrorCode.INVALID, field)


def checked_display_name(text: str | None) -> str | None:
    """The text without the spaces around it; None for none. Raises UserFaultError for an empty or too long one."""
    text = checked_text(text, MAX_DISPLAY_NAME_LENGTH, "displayName")
    if text is not None and not text.strip():
        raise user_fault("The display name is empty; give one, or leave it out.", UserErrorCode.INVALID, "displayName")
    return text if text is None else text.strip()


def checked_text(text: str | None, max_length: int, *path: str) -> str | None:
    """The text of the field at `path`, if the registry can keep it; None for none.

    Raises:
        UserFaultError: It has more than `max_length` characters, or some that no database keeps.
    """
    if text is not None and len(text) > max_length:
        raise user_fault(f"This may have {max_length:,} characters, not {len(text):,}.", UserErrorCode.INVALID, *path)
    if text is not None and not is_storable(text):
        raise user_fault("This holds a NUL or half of a surrogate pair; leave it out.", UserErrorCode.INVALID, *path)
    return text
