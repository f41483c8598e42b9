"""Page tokens: a loop over pages ends at a token that it has had before."""

from aws.client.errors import UnavailableError

MAX_PAGES = 5_000
"""The most pages of one loop, half a million rows at the largest page: a list with more is taken for endless."""


class RepeatedTokenError(UnavailableError):
    """A page's token is one that came before, or the latest of far too many, so that reading on would never end."""


class PageTokens:
    """The tokens of one loop over pages.

    Args:
        operation: The AWS operation that the pages are of.
    """

    def __init__(self, operation: str) -> None:
        self._operation = operation
        # Hashes: a token may have 8,192 characters, and a list thousands of pages.
        self._seen: set[int] = set()

    def following(self, token: str | None) -> str | None:
        """Return the token of the page to read next, None at the end.

        Raises:
            RepeatedTokenError: It came before, or more than `MAX_PAGES` pages have been read.
        """
        if not token:
            return None
        if hash(token) in self._seen:
            message = f"AWS gave the same page token twice for {self._operation}: the list cannot be read to its end."
            raise RepeatedTokenError(message, operation=self._operation)
        if len(self._seen) >= MAX_PAGES:
            message = f"AWS gave more than {MAX_PAGES:,} pages for {self._operation}: the list does not end."
            raise RepeatedTokenError(message, operation=self._operation)
        self._seen.add(hash(token))
        return token
