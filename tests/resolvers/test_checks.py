"""resolvers.checks: every check is made, and all that they find is told at the end, in their order."""

import pytest

from registry.errors import MetadataError
from resolvers.checks import Checks
from resolvers.user_errors import UserError, UserErrorCode, UserFaultError, fault


def fails(words: str, *, field: str) -> int:
    raise fault(words, UserErrorCode.CONFLICT, field)


def too_deep() -> None:
    raise MetadataError("It is too deep.")


def slips() -> None:
    raise ValueError("a slip")


def test_what_is_well_is_given_and_nothing_is_told() -> None:
    checks = Checks()
    assert checks.make(int, "7") == 7
    checks.end()


def test_all_faults_are_told_in_their_order() -> None:
    checks = Checks()
    assert checks.make(fails, "One.", field="a") is None
    assert checks.make(int, "7") == 7
    assert checks.make(too_deep) is None
    with pytest.raises(UserFaultError) as caught:
        checks.end()
    assert caught.value.errors == (
        UserError("One.", UserErrorCode.CONFLICT, ("a",)),
        UserError("It is too deep.", UserErrorCode.INVALID, ("customMetadata",)),
    )


def test_what_is_no_fault_of_the_input_is_let_through() -> None:
    with pytest.raises(ValueError, match="a slip"):
        Checks().make(slips)
