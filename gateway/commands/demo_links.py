"""The three links that the demo prints: the console, one question in GraphiQL, and the deployment that waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from gateway.browser_assets.built_files import BuiltFiles

QUESTION: Final = """\
query WhoServesIt {
  # Press the arrow. A runtime is an endpoint.
  models(first: 5) {
    nodes {
      name
      runtimes(first: 3) { nodes { name status } }
      jobs(first: 3) { nodes { name type status } }
      registration {
        deployments(first: 1) {
          nodes { state decision { by } }
        }
      }
    }
  }
}
"""
"""The question of the link: the endpoint that serves each model, the jobs that made it, the approver."""


@dataclass(frozen=True, slots=True)
class DemoLinks:
    """The addresses to open in a browser.

    Attributes:
        console: The console.
        question: GraphiQL with `QUESTION` in its editor.
        waiting: The page on which somebody else approves the deployment.
    """

    console: str
    question: str
    waiting: str


def demo_links(gateway: str, waiting: str) -> DemoLinks:
    """Make the links of a gateway.

    Args:
        gateway: The gateway's address.
        waiting: The address of the page on which the deployment is approved.
    """
    return DemoLinks(f"{gateway}/console", f"{gateway}/graphql?{urlencode({'query': QUESTION})}", waiting)


def link_lines(links: DemoLinks, pages: Mapping[str, BuiltFiles]) -> str:
    """Write a line for each link, and for each page that is not built, with the command that builds it.

    Args:
        links: The links.
        pages: The built files of `console` and `explorer`.
    """
    lines = [
        f"The console: {links.console}",
        f"One question, in GraphiQL: {links.question}",
        f"What waits for approval: {links.waiting}",
    ]
    for name, built in pages.items():
        if not built.available:
            lines.append(f"The {name} is not built: {built.missing_reason()}. `make {name}` builds it.")
    return "\n".join(lines)
