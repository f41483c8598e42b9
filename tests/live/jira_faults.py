"""What a small Jira answers when something is wrong, and what may befall a request."""

from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True)
class JiraFault:
    """What befalls the next request whose `METHOD path` matches; with `late`, after it has been carried out.

    Without a status the connection is dropped: whoever asked cannot know what became of it.
    """

    pattern: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    late: bool = False
    body: str = "{}"


def query_parameters(request: web.Request) -> dict[str, str]:
    """What was asked for in the address; what is repeated, with commas between."""
    return {name: ",".join(request.query.getall(name)) for name in request.query}


def bad_request(message: str) -> web.Response:
    """400 in the form of CLOUD rest/v3/intro/#status-codes."""
    return web.json_response({"errorMessages": [message], "errors": {}}, status=400)


def not_found(message: str) -> web.Response:
    """404 in the same form."""
    return web.json_response({"errorMessages": [message], "errors": {}}, status=404)
