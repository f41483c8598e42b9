"""The built pages: scripts moved out of them, and a look at each link, anchor and address."""

import hashlib
import posixpath
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote

_INLINE: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
# The search writes its style into the page; the browser's test names the new digest if a release changes it.
_SEARCH_STYLE: Final = "'sha256-NwSx/R2V/U4jnW0Tq5pQ53Y/rzPVJ4dqE7D6UTA/J1k='"
_POLICY: Final = (
    f"default-src 'none'; script-src 'self'; style-src 'self' {_SEARCH_STYLE}; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"
)
_LOADED: Final = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class _Page(HTMLParser):
    """The names, links and loaded files of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.names |= {values[name] for name in ("id", "name") if name in values}
        self.inline += [f"{tag} {name}" for name in values if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in values and values.get("type") != "application/json"):
            self.inline.append(tag)
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif _LOADED.get(tag) in values and values.get("rel") not in {"next", "prev", "canonical"}:
            self.loaded.append(values[_LOADED[tag]])


def harden(site: Path) -> None:
    """Move the pages' inline scripts into files, and give each page a policy that allows no others.

    Args:
        site: The folder of the built site.
    """
    folder = site / "assets" / "javascripts"
    for page in site.rglob("*.html"):
        up = posixpath.relpath("assets/javascripts", page.parent.relative_to(site).as_posix())

        def moved(match: re.Match[str], up: str = up) -> str:
            name = f"inline.{hashlib.sha256(match[1].encode()).hexdigest()[:8]}.js"
            (folder / name).write_text(match[1], encoding="utf-8")
            return f'<script src="{up}/{name}"></script>'

        text = _INLINE.sub(moved, page.read_text(encoding="utf-8"))
        policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        page.write_text(text.replace('<meta charset="utf-8">', f'<meta charset="utf-8">{policy}', 1), encoding="utf-8")


def faults(site: Path) -> list[str]:
    """List the faults of the built pages of a site, one line for each.

    A link that leads nowhere, an anchor that its page does not have, a file that is loaded from elsewhere, script and
    style within a page, which the policy would not run. External links are not followed.

    Args:
        site: The folder of the built site.
    """
    pages = {
        path.relative_to(site).as_posix(): _Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")
    }
    return [f"{place}: {fault}" for place, page in sorted(pages.items()) for fault in _faults(place, page, pages, site)]


def _faults(place: str, page: _Page, pages: dict[str, _Page], site: Path) -> Iterator[str]:
    for link in page.links:
        if not re.match(r"[a-z]+:", link) and (fault := _link_fault(place, link, pages, site)):
            yield fault
    for address in page.loaded:
        if re.match(r"([a-z]+:)?//", address):
            yield f"loads {address}"
        elif not (site / _target(place, address)).is_file():
            yield f"loads {address}, which is not there"
    yield from (f"has {inline} within the page" for inline in page.inline)


def _target(place: str, address: str) -> str:
    path = unquote(re.split(r"[#?]", address, maxsplit=1)[0])
    base = "" if path.startswith("/") else posixpath.dirname(place)
    return posixpath.normpath(posixpath.join(base, path.lstrip("/"))) if path else place


def _link_fault(place: str, link: str, pages: dict[str, _Page], site: Path) -> str | None:
    target, anchor = _target(place, link), unquote(link.partition("#")[2])
    if target not in pages:
        target = posixpath.normpath(f"{target}/index.html")
    if target not in pages:
        return None if (site / _target(place, link)).is_file() else f"leads to {link}, which is not there"
    if anchor and anchor not in pages[target].names:
        return f"leads to {link}, which has no such heading"
    return None
