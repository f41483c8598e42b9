"""Built files over HTTP: each as it was built, and nothing but them."""

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from gateway.browser_assets.built_files import BuiltFiles
from gateway.browser_assets.routes import asset_routes


def client(assets: Path) -> httpx.AsyncClient:
    app = Starlette(routes=asset_routes(BuiltFiles(assets), "/graphql/assets"))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway")


@pytest.mark.parametrize(
    ("name", "type_", "content"),
    [
        ("explorer-AAAA1111.js", "text/javascript; charset=utf-8", b"export {};\n"),
        ("explorer-BBBB2222.css", "text/css; charset=utf-8", b"body { margin: 0 }\n"),
        ("codicon-CCCC3333.ttf", "font/ttf", b"\x00\x01\x00\x00"),
    ],
)
@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, br", "gzip"), ("br", None), ("identity", None), ("gzip;q=0", None)]
)
async def test_a_built_file_comes_with_its_type_for_good(
    assets: Path, name: str, type_: str, content: bytes, accepted: str, encoding: str | None
) -> None:
    async with client(assets) as http:
        answer = await http.get(f"/graphql/assets/{name}", headers={"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert answer.content == content
    assert answer.headers["Content-Type"] == type_
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path",
    [
        "manifest.json",
        ".ready",
        "explorer-AAAA1111.js.gz",
        "nothing.js",
        "",
        "../secret.js",
        "..%2fsecret.js",
        "%2e%2e%2fsecret.js",
        "..%5csecret.js",
        "%2fetc%2fpasswd",
        "explorer-AAAA1111.js%00",
    ],
)
async def test_nothing_else_is_served(assets: Path, path: str) -> None:
    async with client(assets) as http:
        answer = await http.get(f"/graphql/assets/{path}")
    assert answer.status_code == 404
    assert b"secret" not in answer.content


async def test_a_file_that_went_while_the_gateway_runs_is_not_found(assets: Path) -> None:
    async with client(assets) as http:
        (assets / "explorer-AAAA1111.js").unlink()
        answer = await http.get("/graphql/assets/explorer-AAAA1111.js", headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 404


async def test_only_reading_is_answered(assets: Path) -> None:
    async with client(assets) as http:
        assert (await http.head("/graphql/assets/explorer-AAAA1111.js")).status_code == 200
        assert (await http.post("/graphql/assets/explorer-AAAA1111.js")).status_code == 405


def test_without_assets_there_are_no_routes(tmp_path: Path) -> None:
    assert asset_routes(BuiltFiles(tmp_path), "/graphql/assets") == []
