"""BASIC."""

from auth.credentials.keys import Keys
from auth.credentials.stored_keys import keys_of
from tests.auth.estate import SECRET, stored


def test_the_keys_are_those_of_the_settings_and_do_not_expire() -> None:
    assert keys_of(stored()) == Keys("AKIASCIENCE", SECRET, token=None, expires_at=None)
