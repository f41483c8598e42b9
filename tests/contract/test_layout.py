"""The layout: files of a readable size, and class names that stand for one thing."""

import re
from collections import defaultdict

from tests.cached_schema import cached_types
from tests.contract.product_files import ROOT, classes, product_files

MAX_LINES = 300


def test_no_file_is_long() -> None:
    lines = {path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines()) for path in product_files()}
    assert len(lines) > 300
    assert {path: count for path, count in lines.items() if count > MAX_LINES} == {}


def test_a_class_name_stands_for_one_thing() -> None:
    """A GraphQL type may have the name of the value that it shows; no other name is used twice."""
    folders = defaultdict(list)
    for name, folder in classes():
        folders[name].append(folder)
    repeated = {name: sorted(result) for name, result in folders.items() if len(result) > 1}
    types = cached_types().type_map
    shown = {name for name, matches in repeated.items() if name in types and matches.count("schema") == 1}
    assert shown >= {"Model", "Snapshot", "Runtime", "Deployment"}
    assert {name: result for name, result in repeated.items() if name not in shown or len(result) > 2} == {}


def test_docstrings_begin_with_a_verb_or_a_noun() -> None:
    """A sentence that begins with a relative clause has to be decoded; one docstring in twenty may."""
    headless = re.compile(r"(What|Whether|The same|Whoever|Where|That|Those|Who|How|As what|Which) ")
    texts = [path.read_text(encoding="utf-8") for path in product_files()]
    first_lines = [line for text in texts for line in re.findall(r'"""([A-Z][^\n]*)', text)]
    assert len(first_lines) > 2000
    assert 20 * sum(headless.match(line) is not None for line in first_lines) < len(first_lines)
