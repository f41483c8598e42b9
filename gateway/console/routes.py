"""The console's addresses: one page for all of them, and its built files."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gateway.browser_assets.html import html_response
from gateway.browser_assets.routes import asset_routes
from gateway.console.page import Console
from gateway.console.people import People


def console_routes(console: Console, *, explorer: bool, people: People | None) -> list[BaseRoute]:
    """Give the routes of the console.

    Args:
        console: The console.
        explorer: True if the gateway has GraphiQL.
        people: The people that a browser can be; None outside of the demo.
    """

    async def page(request: Request) -> Response:
        if request.path_params.get("path", "").startswith("assets/"):
            raise HTTPException(404)
        person = people.chosen(request.headers.get("cookie", "")) if people else None
        current = person.name if person else people.first if people else ""
        root_path = request.scope.get("root_path", "")
        response = html_response(
            console.page(root_path, explorer=explorer, people=people, current=current), console.policy()
        )
        if people and person is None:
            people.remember(response, current)
        return response

    pages = [Route(path, page, methods=["GET"]) for path in ("/console", "/console/{path:path}")]
    return [*asset_routes(console.built, "/console/assets"), *(people.routes() if people else ()), *pages]
