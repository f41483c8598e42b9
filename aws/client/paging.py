"""Page tokens: a loop over pages ends at a token that it has had before."""

from aws.client.errors import UnavailableError


class RepeatedTokenError(UnavailableError):
    """A page's token is one that came before, so that reading on would never end."""


class PageTokens:
    """The tokens of one loop over pages.

    Args:
        operation: The AWS operation that the pages are of.
    """

    def __init__(self, operation: str) -> None:
        self._operation = operation
        self._seen: set[str] = set()

    def following(self, token: str | None) -> str | None:
        """Return the token of the page to read next, None at the end.

        Raises:
            RepeatedTokenError: It came before.
        """
        if not token:
            return None
        if token in self._seen:
            message = f"AWS gave the same page token twice for {self._operation}: the list cannot be read to its end."
            raise RepeatedTokenError(message, operation=self._operation)
        self._seen.add(token)
        return token
