"""The people that a browser can be in the demo, which has no proxy: a cookie stands for identity headers."""

from collections.abc import Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.http_errors import error_response
from gateway.media_types import JSON, media_type

COOKIE: Final = "sagegraph-person"
_USER, _GROUPS = "x-forwarded-user", "x-forwarded-groups"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the demo.

    Attributes:
        name: The caller's name.
        groups: The caller's groups.
        about: A few words on the person's part.
    """

    name: str
    groups: tuple[str, ...]
    about: str


class People:
    """The people that a browser can choose to be, the first of them unless it has chosen.

    `serve` never has any: a person chosen there would be believed.

    Args:
        people: The people, at least one; no two have one name.

    Attributes:
        first: The name of the first person.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self._people = {person.name: person for person in people}
        self.first = next(iter(self._people))

    def settings(self, root_path: str, current: str) -> dict[str, object]:
        """The people, the chosen one, and the endpoint that chooses another, as settings of the page.

        Args:
            root_path: The prefix of a proxy; empty without one.
            current: The name of the chosen person.
        """
        return {
            "list": [{"name": person.name, "about": person.about} for person in self._people.values()],
            "current": current,
            "endpoint": f"{root_path}/console/person",
        }

    def chosen(self, cookies: str) -> Person | None:
        """Give the person that a Cookie header names; None if it names nobody known."""
        try:
            morsel = SimpleCookie(cookies).get(COOKIE)
        except CookieError:
            return None
        return self._people.get(morsel.value) if morsel else None

    def remember(self, response: Response, name: str) -> None:
        """Set a response's cookie that makes the browser the person of this name; other sites' requests lack it."""
        response.set_cookie(COOKIE, name, httponly=True, samesite="strict")

    def routes(self) -> list[BaseRoute]:
        """Give the route by which a page chooses another person; only JSON does, which no foreign form can send."""

        async def choose(request: Request) -> Response:
            if media_type(request.headers.get("content-type", "")) != JSON:
                message = "Send the person as JSON, with `Content-Type: application/json`."
                return error_response(415, message, "BAD_USER_INPUT", None)
            name = str((await request.json()).get("name"))
            if name not in self._people:
                message = f"There is nobody of this name; choose one of {', '.join(self._people)}."
                return error_response(400, message, "BAD_USER_INPUT", None)
            response = JSONResponse({"name": name})
            self.remember(response, name)
            return response

        return [Route("/console/person", choose, methods=["POST"])]


class PeopleMiddleware:
    """Names the chosen person in the identity headers of requests that have none.

    Args:
        app: The application behind it.
        people: The people.
    """

    def __init__(self, app: ASGIApp, people: People) -> None:
        self._app = app
        self._people = people

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, in the name of its person."""
        if scope["type"] in {"http", "websocket"}:
            headers = MutableHeaders(raw=list(scope["headers"]))
            person = self._people.chosen(headers.get("cookie", ""))
            if person is not None and _USER not in headers and _GROUPS not in headers:
                headers[_USER] = person.name
                headers[_GROUPS] = ",".join(person.groups)
                scope = {**scope, "headers": headers.raw}
        await self._app(scope, receive, send)
