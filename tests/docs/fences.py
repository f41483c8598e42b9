"""The fenced blocks of the pages that people follow, and answers held against what the pages show."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = tuple(
    str(path.relative_to(ROOT))
    for path in (ROOT / "README.md", ROOT / "examples" / "README.md", *sorted((ROOT / "docs").glob("**/*.md")))
)
_FENCE: Final = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REST: Final = "…"


@dataclass(frozen=True, slots=True)
class Fence:
    """A block of a page, between fences."""

    page: str
    line: int
    language: str
    text: str

    @property
    def first(self) -> str:
        """Its first line, by which lists name it."""
        return self.text.split("\n", 1)[0].strip()

    def __str__(self) -> str:
        return f"{self.page}:{self.line} {self.first[:60]}"


def fences(page: str, *languages: str) -> tuple[Fence, ...]:
    """Give the blocks of a page in order, of all languages or of these; commands have none or `sh`."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = (Fence(page, text.count("\n", 0, match.start()) + 1, *match.groups()) for match in _FENCE.finditer(text))
    return tuple(fence for fence in found if not languages or fence.language in languages)


def block(page: str, first: str) -> str:
    """Give the text of the one block of a page that begins so."""
    (found,) = (fence.text for fence in fences(page) if fence.text.startswith(first))
    return found


def is_shown(shown: Any, actual: Any) -> bool:
    """Tell if an answer is the one that a page shows; `…` stands for any text, and ends a list for the rest."""
    if isinstance(shown, str) and isinstance(actual, str):
        return re.fullmatch(".*".join(map(re.escape, shown.split(REST))), actual, re.DOTALL) is not None
    if isinstance(shown, dict) and isinstance(actual, dict):
        return shown.keys() == actual.keys() and all(is_shown(shown[key], actual[key]) for key in shown)
    if isinstance(shown, list) and isinstance(actual, list):
        if shown[-1:] == [REST] and len(actual) >= len(shown) - 1:
            return all(map(is_shown, shown[:-1], actual))
        return len(shown) == len(actual) and all(map(is_shown, shown, actual))
    return type(shown) is type(actual) and bool(shown == actual)


def assert_shown(fence: Fence, actual: Any) -> None:
    """Fail unless an answer is what the page shows."""
    assert is_shown(json.loads(fence.text), actual), (
        f"{fence}\nis shown, and the answer is\n{json.dumps(actual, indent=1)}"
    )
