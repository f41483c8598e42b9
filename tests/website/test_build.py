"""website.build: the site is built strictly, and a browser shows it under its own policy, with a search that finds."""

import asyncio
import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.console.conftest import SCRIPTS, running_script
from tests.node_packages import install_packages
from website import build
from website.errors import SiteError
from website.project_pages import ProjectPages

pytestmark = pytest.mark.slow


class Handler(SimpleHTTPRequestHandler):
    """Serves files, and says nothing of it."""

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing is logged."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build.build(tmp_path_factory.mktemp("website"))


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_has_a_page_for_each_page(site: Path) -> None:
    places = {path.relative_to(site).with_suffix(".md").as_posix() for path in site.rglob("*.html")}
    pages = {place.replace("README.md", "index.md") for place in build.site_pages().pages}
    assert places - {"404.md"} == pages


async def test_a_browser_shows_it_and_finds_what_is_searched(address: str) -> None:
    await asyncio.to_thread(install_packages, SCRIPTS)
    async with running_script(SCRIPTS, "site.mjs", url=address) as script:
        assert await script.said() == {"problems": [], "found": "/reference/Mutation.html#deploysnapshot"}
        await script.ended()


def test_a_link_to_a_heading_that_is_not_there_fails_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = ProjectPages(tmp_path, frozenset(), {"index.md": "# Home\n\n[a](#none)\n"})
    monkeypatch.setattr(build, "site_pages", lambda: pages)
    with pytest.raises(SiteError, match="anchor does not exist"):
        build.build(tmp_path / "broken")
