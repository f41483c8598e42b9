"""resolvers.user_errors: faults as data, and as the error that carries them."""

from resolvers.user_errors import UserError, UserErrorCode, UserFaultError, user_fault


def test_one_fault() -> None:
    error = user_fault("Wrong.", UserErrorCode.UNREADABLE, "content", "s3Uri")
    assert error.errors == (UserError("Wrong.", UserErrorCode.UNREADABLE, ("content", "s3Uri")),)
    assert str(error) == "Wrong."


def test_a_fault_of_no_field_is_about_none() -> None:
    assert user_fault("Wrong.").errors == (UserError("Wrong.", UserErrorCode.INVALID, None),)


def test_several_are_told_in_their_order() -> None:
    errors = [UserError("One.", UserErrorCode.INVALID, ("a",)), UserError("Two.", UserErrorCode.CONFLICT)]
    error = UserFaultError(errors)
    assert (error.errors, str(error)) == (tuple(errors), "One. Two.")
