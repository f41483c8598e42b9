"""GitHub's Markdown, adapted for the site: links that are led elsewhere, and lists as Python-Markdown reads them."""

import re
from collections.abc import Callable
from typing import Final

_CODE: Final = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
_FENCE: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_ITEM: Final = re.compile(r"(?:[-*]|\d+\.) ")


def outside(code: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """Change a text everywhere but in its code.

    Args:
        code: Matches the code.
        text: The page.
        change: Gives the new text of a part without code.
    """
    parts, end = [], 0
    for match in code.finditer(text):
        parts += [change(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*parts, change(text[end:])])


def is_external(target: str) -> bool:
    """Tell if the target of a link leads out of the project."""
    return re.match(r"[a-z]+:", target) is not None


def links(text: str) -> list[str]:
    """Give the targets of the links and images in the text of a page, in order, without those in code."""
    return _LINK.findall(_CODE.sub("", text))


def relink(text: str, target: Callable[[str], str]) -> str:
    """Lead each link and image of a page elsewhere, but for those that lead out of the project.

    Args:
        text: The page.
        target: Gives the new target of a link, from its present one.
    """

    def replaced(match: re.Match[str]) -> str:
        return match[0] if is_external(match[1]) else f"]({target(match[1])})"

    return outside(_CODE, text, lambda prose: _LINK.sub(replaced, prose))


def spaced_lists(text: str) -> str:
    """Put an empty line before each list of a text; Python-Markdown would read it as part of the paragraph above."""
    return outside(_FENCE, text, lambda prose: "\n".join(_spaced(prose.split("\n"))))


def _spaced(lines: list[str]) -> list[str]:
    result: list[str] = []
    in_list = False
    for line in lines:
        begins = _ITEM.match(line) is not None
        if begins and not in_list and result and result[-1].strip():
            result.append("")
        in_list = begins or (in_list and line.strip() != "" and not line.startswith("#"))
        result.append(line)
    return result
