"""Docstrings name what a function takes and raises and what a class holds, by names that exist."""

import ast
import builtins
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from tests.contract.product_files import ROOT, product_files

_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
# Every field and every function with arguments is documented here.
# Not part of what a caller handles: a defect, the end of a task, and an answer of HTTP.
_UNTOLD: Final = {"AssertionError", "NotImplementedError", "CancelledError", "HTTPException"}


@cache
def trees() -> dict[str, ast.Module]:
    """Each file of the product, parsed, by its path."""
    return {str(path.relative_to(ROOT)): ast.parse(Path(path).read_text(encoding="utf-8")) for path in product_files()}


def public_functions(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions of a module or class that other modules call."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node.body)
        elif isinstance(node, _FUNCTIONS) and not node.name.startswith("_"):
            yield node


def raised(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The classes of the exceptions that a function raises by name, without those of functions inside it."""
    names, pending = set(), list[ast.AST](function.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Raise) and node.exc is not None:
            names.add(ast.unparse(node.exc.func if isinstance(node.exc, ast.Call) else node.exc).rpartition(".")[2])
        pending += [child for child in ast.iter_child_nodes(node) if not isinstance(child, (*_FUNCTIONS, ast.ClassDef))]
    return {name for name in names if name[0].isupper()} - _UNTOLD


def test_functions_tell_what_they_raise() -> None:
    silent = [
        f"{path}:{function.lineno} {function.name} raises {', '.join(sorted(names))}"
        for path, tree in trees().items()
        if not path.startswith("sandbox/")
        for function in public_functions(tree.body)
        if (names := raised(function)) and not re.search(r"\b[Rr]aise", ast.get_docstring(function) or "")
    ]
    assert silent == []


def test_errors_in_docstrings_exist() -> None:
    """An exception that was renamed is renamed in sentences, too."""
    known, told = set(dir(builtins)), []
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                known.add(node.name)
            elif isinstance(node, ast.Attribute):
                known.add(node.attr)
            elif isinstance(node, ast.ImportFrom):
                known |= {alias.name for alias in node.names}
            if isinstance(node, (ast.ClassDef, *_FUNCTIONS)):
                told += [(path, name) for name in re.findall(r"\b[A-Z]\w+Error\b", ast.get_docstring(node) or "")]
    assert len(told) > 500
    assert [(path, name) for path, name in told if name not in known] == []


def public_classes(body: list[ast.stmt]) -> Iterator[ast.ClassDef]:
    """The classes of a module that other modules use, with the public classes inside them.

    Types of the schema are not among them: test_descriptions.py wants a description of each of their fields.
    """
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not _is_of_schema(node):
            yield node
            yield from public_classes(node.body)


def _is_of_schema(node: ast.ClassDef) -> bool:
    return any("strawberry" in ast.unparse(decorator) for decorator in node.decorator_list)


def undocumented_fields(node: ast.ClassDef) -> set[str]:
    """The public fields of a class that neither its `Attributes:` nor a docstring of their own documents."""
    listed = (ast.get_docstring(node) or "").partition("Attributes:")[2]
    documented = set(re.findall(r"^ +(\w+):", listed, re.MULTILINE))
    for field, following in zip(node.body, node.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(following, ast.Expr):
            documented.add(ast.unparse(field.target))
    fields = [statement for statement in node.body if isinstance(statement, ast.AnnAssign)]
    names = {ast.unparse(field.target) for field in fields if "ClassVar" not in ast.unparse(field.annotation)}
    return {name for name in names - documented if not name.startswith("_")}


def arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    """The arguments that a function has by name, without the object or class that it is called on."""
    taken = function.args
    return [item for item in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs) if item.arg not in {"self", "cls"}]


def nouns(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The words in the names and types of a function's arguments, in lower case and without an ending."""
    names = [word for item in arguments(function) for word in item.arg.split("_")]
    types = [word for item in arguments(function) for word in re.findall(r"[A-Z][a-z]+", ast.unparse(item))]
    return {word.lower().removesuffix("s") for word in (*names, *types) if len(word) > 2} - {"none", "any"}


# The layers that answer requests, from the lowest.
# Packages that they fetch are below folders with a dot.
_BESIDE_THE_PRODUCT: Final = ("benchmarks", "website")


def documented_files() -> Iterator[tuple[str, ast.Module]]:
    """The product's files, and those of the folders beside it."""
    yield from trees().items()
    for file in (file for name in _BESIDE_THE_PRODUCT for file in sorted((ROOT / name).rglob("*.py"))):
        place = file.relative_to(ROOT)
        if not any(part.startswith(".") or part == "node_modules" for part in place.parts):
            yield str(place), ast.parse(file.read_text(encoding="utf-8"))


def test_fields_are_documented() -> None:
    undocumented = [
        f"{path}:{node.lineno} {node.name}: {', '.join(sorted(names))}"
        for path, tree in documented_files()
        for node in public_classes(tree.body)
        if (names := undocumented_fields(node))
    ]
    assert undocumented == []


def test_docstrings_mention_arguments() -> None:
    """At least one: by its name, a word of that, or its type."""
    silent = [
        f"{path}:{function.lineno} {function.name}"
        for path, tree in documented_files()
        for function in public_functions(tree.body)
        if len(arguments(function)) > 1
        and not any(noun in (ast.get_docstring(function) or "").lower() for noun in nouns(function))
    ]
    assert silent == []
