"""Every client of a release is understood by what is served today."""

import re
import tomllib
from pathlib import Path

import pytest
from graphql import build_schema
from graphql.utilities import find_breaking_changes

from gateway.version import VERSION
from registry.schema_versions import TABLES_OF_RELEASES
from tests.contract.changes import ACCEPTED, RELEASED
from tests.contract.printed_schema import FOLDER, printed


def test_every_release_of_the_changelog_has_its_schema() -> None:
    text = (FOLDER.parent / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## (\d+\.\d+\.\d+) \(\d{4}-\d{2}-\d{2}\)$", text, re.MULTILINE)
    assert "0.1.0" in releases
    assert sorted(releases) == [path.stem for path in RELEASED]


def test_every_release_of_the_changelog_has_its_tables_version() -> None:
    assert list(TABLES_OF_RELEASES) == [path.stem for path in RELEASED]
    assert VERSION in TABLES_OF_RELEASES or VERSION.endswith(".dev0")


def test_the_package_has_the_version_of_the_gateway() -> None:
    with (FOLDER.parent / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == VERSION


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_nothing_of_a_release_breaks(path: Path) -> None:
    changes = find_breaking_changes(build_schema(path.read_text(encoding="utf-8")), printed())
    assert {change.description for change in changes} <= ACCEPTED.keys()
