"""The console's HTML: the built page with its settings, or, if it is not built, a page that names the remedy."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from gateway.browser_assets.built_files import BuiltFiles
from gateway.browser_assets.html import built_page, content_security_policy, missing_page
from gateway.console.people import People


class Console:
    """The console's page and the built files behind it.

    Args:
        assets: The folder that set-up bundles the console into.
        upload_origins: The origins that a browser sends files to, for the page's `connect-src`.

    Attributes:
        built: The files.
    """

    def __init__(self, assets: Path, upload_origins: Sequence[str] = ()) -> None:
        self.built = BuiltFiles(assets)
        self._connect = " ".join(("'self'", *upload_origins))

    def page(self, root_path: str, *, explorer: bool, people: People | None, current: str) -> str:
        """Give the whole HTML page, to be sent with `policy()` as its Content-Security-Policy.

        Args:
            root_path: The prefix of a proxy, as the application is told of it; empty without one.
            explorer: True if the gateway has GraphiQL, to which the console then links.
            people: The people that a browser can be; None outside of the demo.
            current: The name of the person that the browser is.
        """
        base, endpoint = f"{root_path}/console", f"{root_path}/graphql"
        if not self.built.available:
            return _missing(endpoint, self.built.missing_reason())
        shown = {"people": people.settings(root_path, current)} if people else {}
        settings = {"base": base, "endpoint": endpoint, "explorer": explorer, **shown}
        return built_page(self.built, f"{base}/assets", "console", settings)

    def policy(self) -> str:
        """Give the Content-Security-Policy of the page: everything from the gateway itself, nothing inline."""
        if not self.built.available:
            return content_security_policy("'unsafe-inline'", {})
        return content_security_policy("'self'", {"script-src": "'self'", "connect-src": self._connect})


def _missing(endpoint: str, reason: str) -> str:
    return missing_page(
        f"The console is not installed: {escape(reason)}.",
        "To have it: install Node.js 20 or newer with npm, run <code>make console</code> where the gateway's code is,"
        " and start the gateway again.",
        f'Meanwhile, GraphQL is answered at <a href="{escape(endpoint, quote=True)}">{escape(endpoint)}</a>.',
    )
