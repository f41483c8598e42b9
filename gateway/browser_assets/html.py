"""The HTML of the gateway's pages: everything comes from the gateway itself, and no script stands in a page."""

import json
from collections.abc import Mapping
from html import escape

from starlette.responses import HTMLResponse

from gateway.browser_assets.built_files import BuiltFiles

_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Cpath d='M8 2 3 12h10z' fill='none' stroke='%232a7' stroke-width='1.5'/%3E"
    "%3Cg fill='%232a7'%3E%3Ccircle cx='8' cy='2.5' r='2'/%3E%3Ccircle cx='3' cy='12' r='2'/%3E"
    "%3Ccircle cx='13' cy='12' r='2'/%3E%3C/g%3E%3C/svg%3E"
)
_MISSING_STYLE = (
    "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:4em auto;padding:0 1em}"
    "code{font-family:ui-monospace,monospace}</style>"
)


def built_page(built: BuiltFiles, assets_url: str, name: str, settings: Mapping[str, object]) -> str:
    """Give the page of built files.

    Args:
        built: The files, which are there.
        assets_url: The path below which they are served.
        name: The id of the element that the script draws into; `name-settings` is that of its settings.
        settings: Values for the script; anyone who opens the page can read them.
    """
    url = escape(assets_url, quote=True)
    head = (
        f'<link rel="stylesheet" href="{url}/{escape(built.style)}">'
        f'<script type="module" src="{url}/{escape(built.script)}"></script>'
    )
    return html_page(
        f'<script type="application/json" id="{name}-settings">{script_safe_json(settings)}</script>'
        f'<div id="{name}"><noscript>This page needs JavaScript.</noscript></div>',
        head,
    )


def missing_page(sentence: str, remedy: str, more: str) -> str:
    """Give the page that stands for one that is not there: a sentence that says so, the remedy, and more to do
    meanwhile.

    Each of the three is HTML, and becomes a paragraph.
    """
    return html_page(
        f"<main><h1>SageGraph</h1><p>{sentence}</p><p>{remedy}</p><p>{more}</p></main>",
        _MISSING_STYLE,
    )


def html_page(body: str, head: str) -> str:
    """Give a whole page: the HTML of its body, and further elements of its head."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>SageGraph</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="icon" href="{_ICON}">{head}</head><body>{body}</body></html>\n'
    )


def script_safe_json(value: object) -> str:
    """Give a value as JSON for a script element: nothing in it can end the element or open a comment."""
    return json.dumps(value).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def content_security_policy(style_sources: str, script_sources: Mapping[str, str]) -> str:
    """Give the policy of a page: everything from the gateway itself, nothing else.

    Args:
        style_sources: The sources of styles, as in a `style-src` directive.
        script_sources: The directives that scripts need besides, each with its sources; empty for a page without
            scripts.
    """
    directives = {
        "default-src": "'none'",
        "style-src": style_sources,
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        **script_sources,
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


def html_response(page: str, policy: str) -> HTMLResponse:
    """Give the answer with a page under a Content-Security-Policy; a browser asks for it anew each time."""
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    return HTMLResponse(page, headers=headers)
