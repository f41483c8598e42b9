"""The explorer's HTML: GraphiQL with its examples, or, where its assets are missing, a page that names the remedy."""

import json
import textwrap
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from gateway.explorer.examples import Example

_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Cpath d='M8 2 3 12h10z' fill='none' stroke='%232a7' stroke-width='1.5'/%3E"
    "%3Cg fill='%232a7'%3E%3Ccircle cx='8' cy='2.5' r='2'/%3E%3Ccircle cx='3' cy='12' r='2'/%3E"
    "%3Ccircle cx='13' cy='12' r='2'/%3E%3C/g%3E%3C/svg%3E"
)


class Explorer:
    """The GraphiQL page and the built files behind it.

    Takes the folder that set-up bundles GraphiQL into. It is read once, here: after `make explorer` the gateway is
    started again. A folder that is missing or not whole is no error; `available` is then False.
    """

    def __init__(self, assets: Path) -> None:
        self.assets = assets
        """The folder of the built files."""
        manifest = _manifest(assets)
        self.files: frozenset[str] = frozenset(manifest["files"]) if manifest else frozenset()
        """The names of the files that may be served; each carries the hash of its content."""
        self._script = str(manifest["script"]) if manifest else ""
        self._style = str(manifest["style"]) if manifest else ""

    @property
    def available(self) -> bool:
        """Tell whether GraphiQL's assets are there; if not, `page` gives a page that says so."""
        return bool(self.files)

    def page(self, *, endpoint: str, examples: Sequence[Example], headers: Mapping[str, str] | None) -> str:
        """The whole HTML page, to be sent with `policy()` as its Content-Security-Policy.

        Takes the path that answers GraphQL (its assets and schema.graphql lie below it), the examples to open as
        tabs, and the headers to begin with. Anyone who opens the page can read those: only a demo gives any.
        """
        if not self.available:
            return _page(_missing(endpoint, _reason(self.assets)), _MISSING_STYLE)
        url = escape(f"{endpoint}/assets", quote=True)
        head = (
            f'<link rel="stylesheet" href="{url}/{escape(self._style)}">'
            f'<script type="module" src="{url}/{escape(self._script)}"></script>'
        )
        settings = _script_safe_json(_settings(endpoint, examples, headers))
        return _page(
            f'<script type="application/json" id="explorer-settings">{settings}</script>'
            '<div id="explorer"><noscript>GraphiQL needs JavaScript.</noscript></div>',
            head,
        )

    def policy(self) -> str:
        """The Content-Security-Policy for the page: everything from the gateway itself, and no script in the page."""
        sources = [
            "default-src 'none'",
            # Monaco, GraphiQL's editor, writes its themes into style elements and attributes as it goes.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
        if self.available:
            sources += ["script-src 'self'", "worker-src 'self'", "connect-src 'self'", "font-src 'self' data:"]
        return "; ".join(sources)


def _manifest(assets: Path) -> dict[str, list[str] | str] | None:
    try:
        manifest = json.loads((assets / "manifest.json").read_text(encoding="utf-8"))
        named = {*manifest["files"], manifest["script"], manifest["style"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    whole = all(isinstance(name, str) and (assets / name).is_file() for name in named)
    return manifest if whole else None


def _reason(assets: Path) -> str:
    try:
        return (assets / ".ready").read_text(encoding="utf-8").strip()
    except OSError:
        return "set-up has not fetched it yet"


def _settings(endpoint: str, examples: Sequence[Example], headers: Mapping[str, str] | None) -> dict[str, object]:
    return {
        "endpoint": endpoint,
        "schemaUrl": f"{endpoint}/schema.graphql",
        "headers": _headers(headers),
        "examples": [
            {
                "name": example.name,
                "shows": example.description,
                "tab": example.tab,
                "live": example.query.startswith("subscription"),
                "query": f"{_comment(example.description)}\n{example.query.strip()}",
                "variables": json.dumps(dict(example.variables), indent=2) if example.variables else "",
                "headers": _headers(example.headers or headers),
            }
            for example in examples
        ],
    }


def _headers(headers: Mapping[str, str] | None) -> str | None:
    return json.dumps(dict(headers), indent=2, ensure_ascii=False) if headers else None


def _comment(text: str) -> str:
    return textwrap.fill(text, 60, initial_indent="# ", subsequent_indent="# ")


def _script_safe_json(value: object) -> str:
    """JSON that can stand in a script element: nothing in it can end the element or open a comment."""
    return json.dumps(value).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


_MISSING_STYLE = (
    "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:4em auto;padding:0 1em}"
    "code{font-family:ui-monospace,monospace}</style>"
)


def _missing(endpoint: str, reason: str) -> str:
    schema = escape(f"{endpoint}/schema.graphql", quote=True)
    return (
        "<main><h1>SageGraph</h1>"
        f"<p>The gateway answers GraphQL here, but the GraphiQL explorer is not installed: {escape(reason)}.</p>"
        "<p>To have it: install Node.js 20 or newer with npm, run <code>make explorer</code> where the gateway's code"
        " is, and start the gateway again.</p>"
        f'<p>Meanwhile: the schema is at <a href="{schema}">{schema}</a>, and any GraphQL client can POST to'
        f" <code>{escape(endpoint)}</code>.</p></main>"
    )


def _page(body: str, head: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>SageGraph</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="icon" href="{_ICON}">{head}</head><body>{body}</body></html>\n'
    )
