"""The checks of one input: all are made before the first fault is told, so that all faults are told at once."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from registry.errors import MetadataError
from resolvers.faults import user_errors_of
from resolvers.user_errors import UserError, UserFaultError

P = ParamSpec("P")
Checked = TypeVar("Checked")


class InputChecks:
    """Makes checks, and keeps what they find at fault until all are made."""

    def __init__(self) -> None:
        self._errors: list[UserError] = []

    def run(self, check: Callable[P, Checked], *given: P.args, **more: P.kwargs) -> Checked | None:
        """What the check gives; None where it finds a fault, which `end` tells."""
        try:
            return check(*given, **more)
        except (UserFaultError, MetadataError) as error:
            self._errors += user_errors_of(error) or ()
            return None

    def raise_if_any(self) -> None:
        """Returns only where nothing was found at fault. Raises UserFaultError, which tells of every fault."""
        if self._errors:
            raise UserFaultError(self._errors)
