"""Error texts of the product by code: `python -m tests.contract.messages` prints tests/contract/messages.txt anew.

Read from the source: each text with which an error, a fault or a finding is made, its values as `{…}`.
"""

import ast
import re
from collections.abc import Iterator
from typing import Final

from tests.contract.product_files import ROOT, product_files

SNAPSHOT: Final = ROOT / "tests" / "contract" / "messages.txt"
_MAKERS: Final = re.compile(r"(Error|Fault|Finding)$|^error_response$|^(_fault|_error)$")
_FOLDERS_WITHOUT: Final = ("sandbox",)


def texts() -> list[str]:
    """Each text once, behind its code (a class, or a code that stands beside the text), in order."""
    result = set()
    for path in product_files():
        if path.relative_to(ROOT).parts[0] not in _FOLDERS_WITHOUT:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    result |= {f"{_code(node)}: {text}" for text in _messages(node)}
    return sorted(result)


def _messages(call: ast.Call) -> Iterator[str]:
    if _MAKERS.search(_name(call.func)):
        for argument in call.args[:3]:
            text = _template(argument)
            if text is not None and " " in text:
                yield text


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _code(call: ast.Call) -> str:
    """The class, with the code that the call names, if it does: `UserError INVALID`."""
    names = (node.attr for expr in call.args for node in ast.walk(expr) if isinstance(node, ast.Attribute))
    words = (node.value for node in call.args if isinstance(node, ast.Constant))
    codes = [word for word in (*names, *words) if isinstance(word, str) and re.fullmatch("[A-Z][A-Z_]+", word)]
    return " ".join([_name(call.func), *codes[:1]])


def _template(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace("\n", " ")
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "{…}" for part in node.values]
        return "".join(map(str, parts)).replace("\n", " ")
    return None


def main() -> None:
    """Print the snapshot anew."""
    SNAPSHOT.write_text("".join(f"{text}\n" for text in texts()), encoding="utf-8")


if __name__ == "__main__":
    main()
