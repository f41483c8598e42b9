"""The product's own Python files, read without importing them."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FOLDERS: Final = ("gateway", "schema", "resolvers", "workflows", "auth", "aws", "registry", "concurrency", "sandbox")


def product_files() -> list[Path]:
    """Each Python file of the product, in order."""
    return sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def classes() -> Iterator[tuple[str, str]]:
    """Each class of a module with the folder it is in: `("Model", "aws")`."""
    for path in product_files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                yield node.name, path.relative_to(ROOT).parts[0]
