"""BASIC."""

from auth.credentials.keys import AwsKeys
from auth.credentials.stored_keys import stored_keys
from tests.auth.estate import SECRET, stored_keys_entry


def test_the_keys_are_those_of_the_settings_and_do_not_expire() -> None:
    assert stored_keys(stored_keys_entry()) == AwsKeys("AKIASCIENCE", SECRET, token=None, expires_at=None)
