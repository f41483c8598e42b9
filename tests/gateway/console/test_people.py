"""gateway.console.people: a cookie stands for identity headers, where there are none, and for nobody unknown."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.console.people import COOKIE, People, PeopleMiddleware, Person

PEOPLE = People([Person("demo", ("risk", "marketing"), "deploys"), Person("lead", ("mlops",), "approves")])


def client() -> httpx.AsyncClient:
    def named(request: Request) -> Response:
        return JSONResponse([request.headers.get("x-forwarded-user"), request.headers.get("x-forwarded-groups")])

    app = Starlette(routes=[*PEOPLE.routes(), Route("/", named)], middleware=[Middleware(PeopleMiddleware, PEOPLE)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway")


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({}, [None, None]),
        ({"Cookie": f"{COOKIE}=demo"}, ["demo", "risk,marketing"]),
        ({"Cookie": f"other=1; {COOKIE}=lead"}, ["lead", "mlops"]),
        ({"Cookie": f"{COOKIE}=root"}, [None, None]),
        ({"Cookie": "\x01=;;="}, [None, None]),
        ({"Cookie": f"{COOKIE}=lead", "X-Forwarded-User": "ann"}, ["ann", None]),
        ({"Cookie": f"{COOKIE}=lead", "X-Forwarded-Groups": "risk"}, [None, "risk"]),
    ],
)
async def test_the_cookie_names_a_person_where_headers_name_nobody(
    headers: dict[str, str], named: list[str | None]
) -> None:
    async with client() as http:
        assert (await http.get("/", headers=headers)).json() == named


async def test_another_person_is_chosen_by_json_alone() -> None:
    async with client() as http:
        chosen = await http.post("/console/person", json={"name": "lead"})
        assert (chosen.status_code, (await http.get("/")).json()) == (200, ["lead", "mlops"])
        cookie = chosen.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        form = await http.post("/console/person", data={"name": "demo"})
        unknown = await http.post("/console/person", json={"name": "root"})
        assert (form.status_code, unknown.status_code) == (415, 400)
        assert (await http.get("/")).json() == ["lead", "mlops"]
