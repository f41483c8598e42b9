"""BASIC: the long-lived keys of a group, as the settings give them."""

from auth.credentials.keys import Keys
from auth.entries import StoredKeys


class StoredKeysStrategy:
    """Gives the stored keys to whoever asks. CloudTrail shows their IAM user; only our own audit names the caller.

    Args:
        entry: The entry that holds them.
    """

    def __init__(self, entry: StoredKeys) -> None:
        self._entry = entry

    async def fetch(self, subject: str) -> Keys:
        """Give the keys, which do not expire and are the same for every caller."""
        return Keys(access_key=self._entry.access_key_id, secret_key=self._entry.secret_access_key)
