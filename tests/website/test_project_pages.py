"""website.project_pages: the pages are gathered with all that they link to, and a link that leads nowhere stops it."""

from pathlib import Path

import pytest

from website.errors import SiteError
from website.project_pages import project_pages


def project(folder: Path, **files: str) -> Path:
    """A folder with these files, `__` standing for a slash."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_links_lead_where_the_pages_are_on_the_site(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        README="[a page](docs/page.md#part), [code](code/), [elsewhere](https://example.com), `[none](x.md)`\n",
        docs__page="[home](../README.md), [itself](#part)\n\n## Part\n",
    )
    (root / "code").mkdir()
    (root / "code" / "main.py").write_text("print(1)\n")
    pages = project_pages(root).pages
    assert pages["index.md"] == (
        "[a page](page.md#part), [code](project/code/index.md), [elsewhere](https://example.com), `[none](x.md)`\n"
    )
    assert pages["page.md"].startswith("[home](index.md), [itself](#part)\n")
    assert "(main.py.md)" in pages["project/code/index.md"]
    assert "````python\nprint(1)\n````" in pages["project/code/main.py.md"]


def test_a_link_that_leads_nowhere_is_named_with_its_page(tmp_path: Path) -> None:
    root = project(tmp_path, README="[a page](docs/none.md)\n")
    with pytest.raises(SiteError, match=r"^README\.md: There is no docs/none\.md in the project\.$"):
        project_pages(root)


def test_a_list_is_a_list_without_an_empty_line_before_it(tmp_path: Path) -> None:
    root = project(tmp_path, README="Three:\n- one\n- two\n\n```\na\n- b\n```\n")
    assert project_pages(root).pages["index.md"] == "Three:\n\n- one\n- two\n\n```\na\n- b\n```\n"
