"""resolvers.mutations.validation: every check is made, and all that they find is told at the end, in their order."""

import pytest

from registry.errors import MetadataError
from resolvers.errors import UserError, UserErrorCode, UserFaultError, user_fault
from resolvers.mutations.validation import InputChecks, checked_display_name, checked_text


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


def test_what_is_kept() -> None:
    assert checked_display_name(None) is None
    assert checked_display_name("  A model\t") == "A model"
    assert checked_display_name("m" * 256) == "m" * 256
    assert checked_text("", 10, "description") == ""
    assert checked_text("añ🙂", 3, "description") == "añ🙂"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The display name is empty; give one, or leave it out."),
        (" \n", "The display name is empty; give one, or leave it out."),
        ("m" * 257, "This may have 256 characters, not 257."),
        ("a\0", "This holds a NUL or half of a surrogate pair; leave it out."),
        ("\ud800", "This holds a NUL or half of a surrogate pair; leave it out."),
    ],
)
def test_what_is_not(text: str, message: str) -> None:
    with pytest.raises(UserFaultError) as caught:
        checked_display_name(text)
    (error,) = caught.value.errors
    assert (error.message, error.code, error.field) == (message, UserErrorCode.INVALID, ("displayName",))
