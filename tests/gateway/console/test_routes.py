"""gateway.console.routes: one page for all of the console's addresses; its files, and nothing else of the disk."""

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from gateway.console.page import Console
from gateway.console.people import COOKIE, People, Person
from gateway.console.routes import console_routes

PEOPLE = People([Person("demo", ("risk",), "deploys"), Person("lead", ("mlops",), "approves")])


def client(assets: Path, people: People | None = None) -> httpx.AsyncClient:
    app = Starlette(routes=console_routes(Console(assets), explorer=True, people=people))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway")


@pytest.mark.parametrize("path", ["/console", "/console/", "/console/inbox", "/console/at/risk/eu-west-1/models/a%2Fb"])
async def test_every_address_is_the_same_page(assets: Path, path: str) -> None:
    async with client(assets) as http:
        answer = await http.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == Console(assets).policy()
    assert answer.headers["cache-control"] == "no-cache"
    assert "set-cookie" not in answer.headers
    assert 'id="console-settings"' in answer.text


@pytest.mark.parametrize("name", ["nothing.js", "manifest.json", "..%2fsecret.js", ".ready"])
async def test_no_file_is_served_but_those_that_were_built(assets: Path, name: str) -> None:
    async with client(assets) as http:
        assert (await http.get("/console/assets/explorer-AAAA1111.js")).text == "export {};\n"
        assert (await http.get(f"/console/assets/{name}")).status_code == 404


async def test_without_people_nobody_is_chosen(assets: Path) -> None:
    async with client(assets) as http:
        assert (await http.post("/console/person", json={"name": "lead"})).status_code == 405


async def test_a_browser_begins_as_the_first_person_and_stays_whom_it_chose(assets: Path) -> None:
    async with client(assets, PEOPLE) as http:
        first = await http.get("/console")
        assert first.cookies[COOKIE] == "demo"
        await http.post("/console/person", json={"name": "lead"})
        second = await http.get("/console")
    assert '"current": "demo"' in first.text
    assert '"current": "lead"' in second.text
    assert "set-cookie" not in second.headers
