"""What is written for people: it names every command and every state, and its links lead somewhere."""

import argparse
import re
import shlex
from pathlib import Path

import pytest

from gateway.__main__ import parser
from registry.enums import DeploymentState, TicketKind
from tests.docs.fences import fences

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/results/*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").iterdir())


def text(*names: str) -> str:
    return "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names)


def commands() -> list[str]:
    (choices,) = (action.choices for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return list(choices)


def prose(page: Path) -> str:
    """A page without its examples of code, where brackets are no links."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


def links() -> list[tuple[Path, str]]:
    """Each link of each page that leads to another place of the project."""
    result = ((page, target) for page in PAGES for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)))
    return [(page, target) for page, target in result if not re.match(r"[a-z]+:", target)]


def anchors(page: Path) -> set[str]:
    """The names under which a page's headings can be linked to."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_there_are_commands_pages_and_links() -> None:
    """What follows is about something."""
    assert {"serve", "worker", "iam-policy"} < set(commands())
    assert {"README.md", "operations.md", "deployments.md", "0001-pydantic-checks-the-settings.md"} < {
        page.name for page in PAGES
    }
    assert (ROOT / "README.md", "docs/operations.md") in links()


@pytest.mark.parametrize("command", commands())
def test_every_command_is_named(command: str) -> None:
    assert re.search(rf"python -m gateway {command}\b", text("README.md", "docs/serving.md", "docs/operations.md"))


@pytest.mark.parametrize("word", [*DeploymentState, *TicketKind], ids=lambda word: word.value)
def test_every_state_and_kind_of_ticket_is_in_the_lifecycle(word: DeploymentState | TicketKind) -> None:
    assert re.search(rf"\b{word.value}\b", text("docs/deployments.md"))


def test_every_decision_has_a_number_of_its_own_and_a_title() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    for number, path in zip(numbers, DECISIONS, strict=True):
        title, *_ = path.read_text(encoding="utf-8").splitlines()
        assert re.fullmatch(rf"# {number}: \S.+[^.]", title), path.name


@pytest.mark.parametrize(("page", "target"), links(), ids=lambda item: str(getattr(item, "name", item)))
def test_every_link_leads_somewhere(page: Path, target: str) -> None:
    name, _, anchor = target.partition("#")
    place = (page.parent / name).resolve() if name else page
    assert place.exists()
    assert not anchor or anchor in anchors(place)


def test_each_folder_of_the_code_is_told_of() -> None:
    (tree,) = (fence.text for fence in fences("docs/architecture.md") if fence.first.startswith("gateway/"))
    assert all((ROOT / line.split()[0]).is_dir() for line in tree.splitlines())


@pytest.mark.parametrize("page", ["docs/architecture.md", *(f"docs/decisions/{path.name}" for path in DECISIONS)])
def test_every_path_in_a_page_is_there(page: str) -> None:
    """Paths in backticks, such as `aws/scopes.py` and `aws/kinds/`; packages are there once something has used them."""
    folders = "gateway|schema|resolvers|workflows|auth|aws|registry|concurrency|sandbox|tests|benchmarks|docs"
    paths = re.findall(rf"`((?:{folders})/[\w./-]*)`", text(page))
    assert [path for path in paths if "node_modules" not in path and not (ROOT / path).exists()] == []


def test_every_command_in_a_sentence_is_one_that_there_is() -> None:
    """`python -m gateway …` with its options, and `make …`, in backticks; blocks are run elsewhere."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in PAGES:
        words = re.findall(r"`((?:\.venv/bin/)?python -m gateway [^`]+|make [^`]+)`", page.read_text(encoding="utf-8"))
        for text in words:
            name, *options = shlex.split(re.split(r"\s*>|\s*\[", text)[0].removeprefix(".venv/bin/"))
            if name == "make":
                assert [word for word in options if "=" not in word and word.islower() and word not in targets] == [], (
                    page
                )
            elif options[2:]:
                assert options[2] in commands() or options[2].startswith("--version"), (page, text)
