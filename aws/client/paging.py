"""Loops over pages, which end with an error if a token is repeated."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws.client.client import AwsClient
from aws.client.errors import UnavailableError

MAX_PAGES = 5_000
"""The most pages of one loop, half a million rows at the largest page; a longer list counts as endless."""


class RepeatedTokenError(UnavailableError):
    """A page token that came before, or that of a page beyond `MAX_PAGES`: the loop would never end."""


class PageTokens:
    """The tokens of one loop over pages.

    Args:
        operation: The AWS operation whose pages are read, for messages.
    """

    def __init__(self, operation: str) -> None:
        self._operation = operation
        # Hashes: a token may have 8,192 characters, and a list thousands of pages.
        self._seen: set[int] = set()

    def following(self, token: str | None) -> str | None:
        """Return the token of the page to read next; None if `token` is that of the last page.

        Raises:
            RepeatedTokenError: The token came before, or `MAX_PAGES` pages have been read.
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


async def read_pages(
    calls: AwsClient, operation: str, key: str, *, most: int | None = None, **parameters: Any
) -> Sequence[Mapping[str, Any]]:
    """Read the rows of every page of a list operation, or of its first pages.

    Args:
        calls: The client of the scope.
        operation: The list operation.
        key: The member of its answers that holds the rows.
        most: The number of rows after which no further page is read; None for all.
        parameters: The parameters of each call, beside the token.

    Raises:
        AWSError: A page could not be read, or the pages do not end.
    """
    rows: list[Mapping[str, Any]] = []
    tokens, page = PageTokens(operation), dict[str, str]()
    while True:
        answer = await calls.call(operation, **parameters, **page)
        rows += answer.get(key) or ()
        token = tokens.following(answer.get("NextToken"))
        if token is None or (most is not None and len(rows) >= most):
            return rows
        page = {"NextToken": token}
