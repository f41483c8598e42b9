"""The explorer's HTML: GraphiQL with its examples, or, if its assets are missing, a page that names the remedy."""

import json
import textwrap
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from gateway.browser_assets.built_files import BuiltFiles
from gateway.browser_assets.html import built_page, content_security_policy, missing_page
from gateway.explorer.examples import Example

_SCRIPTS = {
    "script-src": "'self'",
    "worker-src": "'self'",
    "connect-src": "'self'",
    "font-src": "'self' data:",
}


class Explorer:
    """The GraphiQL page and the built files behind it.

    Args:
        assets: The folder that set-up bundles GraphiQL into.

    Attributes:
        built: The files.
    """

    def __init__(self, assets: Path) -> None:
        self.built = BuiltFiles(assets)

    def page(self, *, endpoint: str, examples: Sequence[Example], headers: Mapping[str, str] | None) -> str:
        """The whole HTML page, to be sent with `policy()` as its Content-Security-Policy.

        Args:
            endpoint: The path that answers GraphQL; the page's assets and schema.graphql lie below it.
            examples: The examples, each to be opened as a tab.
            headers: The headers to begin with. Anyone who opens the page can read them: only a demo has any.
        """
        if not self.built.available:
            return _missing(endpoint, self.built.missing_reason())
        return built_page(self.built, f"{endpoint}/assets", "explorer", _settings(endpoint, examples, headers))

    def policy(self) -> str:
        """The Content-Security-Policy for the page: everything from the gateway itself, and no script in the page."""
        # Monaco, GraphiQL's editor, writes its themes into style elements and attributes as it goes.
        return content_security_policy("'self' 'unsafe-inline'", _SCRIPTS if self.built.available else {})


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


def _missing(endpoint: str, reason: str) -> str:
    schema = escape(f"{endpoint}/schema.graphql", quote=True)
    return missing_page(
        f"The gateway answers GraphQL here, but the GraphiQL explorer is not installed: {escape(reason)}.",
        "To have it: install Node.js 20 or newer with npm, run <code>make explorer</code> where the gateway's code is,"
        " and start the gateway again.",
        f'Meanwhile: the schema is at <a href="{schema}">{schema}</a>, and any GraphQL client can POST to'
        f" <code>{escape(endpoint)}</code>.",
    )
