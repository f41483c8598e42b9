"""BASIC: the long-lived keys of a group, as the settings give them."""

from auth.credentials.keys import AwsKeys
from auth.entries import StoredKeys


def stored_keys(entry: StoredKeys) -> AwsKeys:
    """Give the entry's keys: the same for every caller, and without an end.

    CloudTrail shows their IAM user; only the gateway's own audit names the caller.
    """
    return AwsKeys(access_key=entry.access_key_id, secret_key=entry.secret_access_key, token=entry.session_token)
