"""gateway.commands.demo_links: three addresses to open, and the remedy for a page that is not built."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from gateway.browser_assets.built_files import BuiltFiles
from gateway.commands.demo_approval import BuiltinApproval
from gateway.commands.demo_links import QUESTION, demo_links, link_lines

GATEWAY = "http://127.0.0.1:8000"


def test_each_link_is_on_a_line_of_its_own() -> None:
    links = demo_links(GATEWAY, BuiltinApproval().page(GATEWAY, "RGVwbG95bWVudDox", "SG-1"))
    assert link_lines(links, {}).splitlines() == [
        f"The console: {GATEWAY}/console",
        f"One question, in GraphiQL: {links.question}",
        f"What waits for approval: {GATEWAY}/console/deployments/RGVwbG95bWVudDox",
    ]
    assert parse_qs(urlsplit(links.question).query) == {"query": [QUESTION]}
    assert " " not in links.question


def test_a_page_that_is_not_built_is_named_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / ".ready").write_text("npm was not found; it comes with Node.js 20 or newer\n")
    lines = link_lines(demo_links(GATEWAY, GATEWAY), {"explorer": BuiltFiles(tmp_path)}).splitlines()
    assert lines[3:] == [
        "The explorer is not built: npm was not found; it comes with Node.js 20 or newer. `make explorer` builds it."
    ]
