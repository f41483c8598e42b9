"""gateway.console.page: the built page with its settings, under a policy that lets nothing inline run."""

import json
import re
from pathlib import Path

from gateway.console.page import Console
from gateway.console.people import People, Person

PEOPLE = People([Person("demo", ("risk",), "deploys"), Person("lead", ("mlops",), "approves")])


def settings_of(page: str) -> object:
    found = re.search(r'id="console-settings">(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])


def test_the_page_links_the_built_files_below_the_prefix(assets: Path) -> None:
    page = Console(assets).page("/ml", explorer=True, people=None, current="")
    assert 'src="/ml/console/assets/explorer-AAAA1111.js"' in page
    assert 'href="/ml/console/assets/explorer-BBBB2222.css"' in page
    assert settings_of(page) == {"base": "/ml/console", "endpoint": "/ml/graphql", "explorer": True}


def test_people_are_named_to_it_in_the_demo_alone(assets: Path) -> None:
    page = Console(assets).page("", explorer=False, people=PEOPLE, current="lead")
    assert settings_of(page) == {
        "base": "/console",
        "endpoint": "/graphql",
        "explorer": False,
        "people": {
            "list": [{"name": "demo", "about": "deploys"}, {"name": "lead", "about": "approves"}],
            "current": "lead",
            "endpoint": "/console/person",
        },
    }


def test_nothing_inline_runs_or_is_styled(assets: Path) -> None:
    console = Console(assets, ("https://files.s3.eu-west-1.amazonaws.com",))
    directives = dict(part.split(" ", 1) for part in console.policy().split("; "))
    assert directives == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "script-src": "'self'",
        "connect-src": "'self' https://files.s3.eu-west-1.amazonaws.com",
    }


def test_without_assets_the_page_says_why_and_names_the_remedy(tmp_path: Path) -> None:
    (tmp_path / ".ready").write_text("npm was not found <here>\n")
    console = Console(tmp_path)
    page = console.page("", explorer=True, people=PEOPLE, current="demo")
    assert "npm was not found &lt;here&gt;." in page
    assert "make console" in page
    assert "<script" not in page
    assert "script-src" not in console.policy()
