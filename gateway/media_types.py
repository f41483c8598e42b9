"""Media types of requests and responses, and the choice between the two of GraphQL over HTTP."""

from functools import lru_cache
from typing import Final

JSON: Final = "application/json"
GRAPHQL_RESPONSE_JSON: Final = "application/graphql-response+json"


def media_type(text: str) -> str:
    """Give the media type in a text such as a Content-Type, without parameters, in lower case (RFC 9110, 8.3.1)."""
    return text.partition(";")[0].strip().lower()


def accepts_html(accept: str) -> bool:
    """Tell whether an Accept header names HTML; `*/*`, which every command-line client sends, does not count."""
    return any(media_type(part) == "text/html" for part in accept.split(","))


@lru_cache(maxsize=32)
def negotiated(accept: str) -> str:
    """Choose the response's media type by an Accept header: the newer if named with no less weight than the older."""
    weights = {JSON: 0.0, GRAPHQL_RESPONSE_JSON: 0.0}
    for part in accept.split(","):
        name, *parameters = (piece.strip() for piece in part.lower().split(";"))
        if name in weights:
            weights[name] = next((_weight(text[2:]) for text in parameters if text.startswith("q=")), 1.0)
    newer = weights[GRAPHQL_RESPONSE_JSON]
    return GRAPHQL_RESPONSE_JSON if newer > 0 and newer >= weights[JSON] else JSON


def refused_status(chosen: str) -> int:
    """Give the status of a request that could not run: 400 if the chosen media type is the newer one, else 200."""
    return 400 if chosen == GRAPHQL_RESPONSE_JSON else 200


def _weight(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
