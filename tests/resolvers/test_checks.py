"""resolvers.checks: every check is made, and all that they find is told at the end, in their order."""

import pytest

from registry.errors import MetadataError
from resolvers.checks import InputChecks
from resolvers.user_errors import UserError, UserErrorCode, UserFaultError, user_fault


def fails(words: str, *, field: str) -> int:
    raise user_fault(words, UserErrorCode.CONFLICT, field)


def too_deep() -> None:
    raise MetadataError("It is too deep.")


def slips() -> None:
    raise ValueError("a slip")


def test_what_is_well_is_given_and_nothing_is_told() -> None:
    checks = InputChecks()
    assert checks.run(int, "7") == 7
    checks.raise_if_any()


def test_all_faults_are_told_in_their_order() -> None:
    checks = InputChecks()
    assert checks.run(fails, "One.", field="a") is None
    assert checks.run(int, "7") == 7
    assert checks.run(too_deep) is None
    with pytest.raises(UserFaultError) as caught:
        checks.raise_if_any()
    assert caught.value.errors == (
        UserError("One.", UserErrorCode.CONFLICT, ("a",)),
        UserError("It is too deep.", UserErrorCode.INVALID, ("customMetadata",)),
    )


def test_what_is_no_fault_of_the_input_is_let_through() -> None:
    with pytest.raises(ValueError, match="a slip"):
        InputChecks().run(slips)
