"""The credential entries as values."""

import pytest

from auth.credential_entries import account_in_role_arn
from tests.auth.entries import EXTERNAL_ID, SECRET, assumed_role_entry, stored_keys_entry


@pytest.mark.parametrize(
    ("arn", "account"),
    [
        ("arn:aws:iam::222222222222:role/risk", "222222222222"),
        ("arn:aws-cn:iam::333333333333:role/path/to/risk", "333333333333"),
        ("arn:aws-us-gov:iam::444444444444:role/a:b", "444444444444"),
        ("arn:aws:iam:::role/risk", None),
        ("risk", None),
        ("", None),
    ],
)
def test_account_of(arn: str, account: str | None) -> None:
    assert account_in_role_arn(arn) == account


def test_secrets_are_not_shown() -> None:
    shown = repr(stored_keys_entry()) + repr(assumed_role_entry(external_id=EXTERNAL_ID))
    assert SECRET not in shown
    assert "AKIASCIENCE" not in shown
    assert EXTERNAL_ID not in shown
