"""gateway.commands.settings_file: a file that is wrong is told whole, and its values are not."""

import argparse
from pathlib import Path

import pytest

from gateway.commands.settings_file import load_settings


def given(path: Path) -> argparse.Namespace:
    return argparse.Namespace(config=str(path))


def test_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PORT_OF_THE_GATEWAY", "8123")
    path = tmp_path / "settings.yaml"
    path.write_text('server: {port: "${PORT_OF_THE_GATEWAY}"}\n')
    settings = load_settings(given(path))
    assert settings is not None
    assert settings.server.port == 8123
    assert capsys.readouterr() == ("", "")


def test_every_fault_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("limits: {dept: 5, depth: geheim}\n")
    assert load_settings(given(path)) is None
    text = capsys.readouterr()
    assert text.out == ""
    assert [line.partition(":")[0] for line in text.err.splitlines()] == ["limits.depth", "limits.dept"]
    assert "geheim" not in text.err


def test_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert load_settings(given(tmp_path / "nothing.yaml")) is None
    text = capsys.readouterr()
    assert (text.out, "nothing.yaml" in text.err, len(text.err.splitlines())) == ("", True, 1)
