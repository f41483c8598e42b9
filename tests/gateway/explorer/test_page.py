"""What the explorer's page holds, with its assets and without, and that nothing in its values can break out of it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

from gateway.explorer.examples import EXAMPLES, Example
from gateway.explorer.page import Explorer

HOSTILE = '</script><script>alert(1)</script><!-- & "\u2028'


class Tags(HTMLParser):
    """The elements of a page with their attributes, and the text of each script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] == "script":
            self.scripts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_page_links_the_built_files_and_nothing_from_elsewhere(assets: Path) -> None:
    page = Explorer(assets).page(endpoint="/graphql", examples=EXAMPLES, headers=None)
    tags = Tags(page)
    assert "<title>SageGraph</title>" in page
    assert tags.all("script") == [
        {"type": "module", "src": "/graphql/assets/explorer-AAAA1111.js"},
        {"type": "application/json", "id": "explorer-settings"},
    ]
    sheets = [link["href"] for link in tags.all("link") if link["rel"] == "stylesheet"]
    assert sheets == ["/graphql/assets/explorer-BBBB2222.css"]
    # The one address in it is the name of the icon's own format, which is not fetched.
    assert page.replace("http://www.w3.org/2000/svg", "").count("//") == 0


def test_page_opens_with_the_examples_under_their_comments_and_the_headers(assets: Path) -> None:
    example = Example("Two", "Shows two things.", "query Two($n: Int) { me { subject } }\n", {"n": 2})
    page = Explorer(assets).page(endpoint="/x/graphql", examples=[example], headers={"X-Forwarded-User": "dana"})
    assert json.loads(Tags(page).scripts[0]) == {
        "endpoint": "/x/graphql",
        "schemaUrl": "/x/graphql/schema.graphql",
        "headers": '{\n  "X-Forwarded-User": "dana"\n}',
        "examples": [
            {
                "name": "Two",
                "shows": "Shows two things.",
                "tab": True,
                "live": False,
                "query": "# Shows two things.\nquery Two($n: Int) { me { subject } }",
                "variables": '{\n  "n": 2\n}',
                "headers": '{\n  "X-Forwarded-User": "dana"\n}',
            }
        ],
    }


def test_without_headers_or_variables_the_panes_begin_empty(assets: Path) -> None:
    page = Explorer(assets).page(endpoint="/graphql", examples=[Example("A", "B.", "query A { x }")], headers={})
    settings = json.loads(Tags(page).scripts[0])
    assert settings["headers"] is None
    assert settings["examples"][0]["variables"] == ""


def test_hostile_values_stay_values(assets: Path) -> None:
    example = Example(HOSTILE, f"one\n{HOSTILE}", HOSTILE, {"v": HOSTILE})
    page = Explorer(assets).page(endpoint='/"><script>', examples=[example], headers={"X": HOSTILE})
    tags = Tags(page)
    assert len(tags.all("script")) == 2
    assert "alert(1)</" not in page
    assert "<!--" not in page
    settings = json.loads(tags.scripts[0])
    assert settings["examples"][0]["name"] == HOSTILE
    assert json.loads(settings["examples"][0]["variables"]) == {"v": HOSTILE}
    assert json.loads(settings["headers"]) == {"X": HOSTILE}
    # GraphQL ends a comment at these two alone; the second line is the query itself.
    lines = re.split(r"[\r\n]", settings["examples"][0]["query"])
    assert [line[:2] for line in lines] == ["# ", "</"]


def test_policy_lets_in_only_the_gateway_itself_and_no_inline_script(assets: Path) -> None:
    directives = dict(part.split(" ", 1) for part in Explorer(assets).policy().split("; "))
    assert directives == {
        "default-src": "'none'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "script-src": "'self'",
        "worker-src": "'self'",
        "connect-src": "'self'",
        "font-src": "'self' data:",
    }


def test_without_assets_the_page_says_why_names_the_remedy_and_links_the_schema(tmp_path: Path) -> None:
    (tmp_path / ".ready").write_text("npm was not found <here>\n")
    explorer = Explorer(tmp_path)
    page = explorer.page(endpoint="/graphql", examples=EXAMPLES, headers={"X-Forwarded-User": "dana"})
    assert explorer.built.available is False
    assert "npm was not found &lt;here&gt;." in page
    assert "make explorer" in page
    assert [link["href"] for link in Tags(page).all("a")] == ["/graphql/schema.graphql"]
    assert Tags(page).all("script") == []
    assert "dana" not in page
    assert "script-src" not in explorer.policy()


def test_before_set_up_the_page_says_that_it_has_not_run(tmp_path: Path) -> None:
    page = Explorer(tmp_path / "none").page(endpoint="/graphql", examples=(), headers=None)
    assert "set-up has not fetched it yet" in page


def test_an_example_may_have_headers_of_its_own(assets: Path) -> None:
    own = Example("A", "B.", "query A { x }", headers={"X-Forwarded-User": "lee"})
    page = Explorer(assets).page(endpoint="/graphql", examples=[own], headers={"X-Forwarded-User": "dana"})
    settings = json.loads(Tags(page).scripts[0])
    assert settings["examples"][0]["headers"] == '{\n  "X-Forwarded-User": "lee"\n}'
    assert settings["headers"] == '{\n  "X-Forwarded-User": "dana"\n}'
