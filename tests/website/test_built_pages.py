"""website.built_pages: no inline script is left, and each kind of fault of a built page is named."""

from pathlib import Path

from website.built_pages import faults, harden

HEAD = '<head><meta charset="utf-8"></head>'


def site(folder: Path, **pages: str) -> Path:
    (folder / "assets" / "javascripts").mkdir(parents=True)
    for name, body in pages.items():
        path = folder / f"{name.replace('__', '/')}.html"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"<html>{HEAD}<body>{body}</body></html>", encoding="utf-8")
    return folder


def test_inline_scripts_become_files(tmp_path: Path) -> None:
    folder = site(tmp_path, index="<script>one()</script>", deep__page="<script>one()</script>")
    assert faults(folder) == ["deep/page.html: has script within the page", "index.html: has script within the page"]
    harden(folder)
    assert faults(folder) == []
    (script,) = (folder / "assets" / "javascripts").iterdir()
    assert script.read_text() == "one()"
    page = (folder / "deep" / "page.html").read_text()
    assert f'<script src="../assets/javascripts/{script.name}"></script>' in page
    assert "script-src 'self';" in page


def test_each_fault_is_named(tmp_path: Path) -> None:
    folder = site(
        tmp_path,
        index='<a href="other.html#here">a</a><a href="other.html#gone">b</a><a href="none.html">c</a>'
        '<a href="https://example.com/any">d</a><p style="color: red" onclick="x()">e</p>',
        other='<h1 id="here">f</h1><img src="https://example.com/i.png"><script src="no.js"></script>',
    )
    assert faults(folder) == [
        "index.html: leads to other.html#gone, which has no such heading",
        "index.html: leads to none.html, which is not there",
        "index.html: has p style within the page",
        "index.html: has p onclick within the page",
        "other.html: loads https://example.com/i.png",
        "other.html: loads no.js, which is not there",
    ]
