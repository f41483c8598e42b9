"""A folder of built files is served if it is whole, and says why it is missing if set-up has said so."""

from pathlib import Path

import pytest

from gateway.browser_assets.built_files import BuiltFiles


def test_a_whole_folder_names_its_script_and_style(assets: Path) -> None:
    built = BuiltFiles(assets)
    assert (built.script, built.style) == ("explorer-AAAA1111.js", "explorer-BBBB2222.css")
    assert built.files == {"explorer-AAAA1111.js", "explorer-BBBB2222.css", "codicon-CCCC3333.ttf"}


@pytest.mark.parametrize(
    "manifest",
    ["", "[]", "{}", '{"files": [1], "script": "a", "style": "b"}', '{"files": null, "script": "a", "style": "b"}'],
)
def test_a_broken_manifest_is_no_bundle(assets: Path, manifest: str) -> None:
    (assets / "manifest.json").write_text(manifest)
    assert BuiltFiles(assets).available is False


def test_a_folder_that_lost_a_file_is_no_bundle(assets: Path) -> None:
    assert BuiltFiles(assets).available is True
    (assets / "explorer-BBBB2222.css").unlink()
    assert BuiltFiles(assets).available is False
