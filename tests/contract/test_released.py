"""Every client of a release is understood by what is served today."""

import re
from pathlib import Path

import pytest
from graphql import build_schema
from graphql.utilities import find_breaking_changes

from tests.contract.printed_schema import FOLDER, printed

RELEASED = sorted((FOLDER / "released").glob("*.graphql"))


def test_every_release_of_the_changelog_has_its_schema() -> None:
    text = (FOLDER.parent / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## (\d+\.\d+\.\d+) \(\d{4}-\d{2}-\d{2}\)$", text, re.MULTILINE)
    assert "0.1.0" in releases
    assert sorted(releases) == [path.stem for path in RELEASED]


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_nothing_of_a_release_breaks(path: Path) -> None:
    changes = find_breaking_changes(build_schema(path.read_text(encoding="utf-8")), printed())
    assert [change.description for change in changes] == []
