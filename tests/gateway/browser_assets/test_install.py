"""Bundling a page ends in assets or in a mark that says why not; and its lock is bound to no registry."""

import json
import re
from pathlib import Path

import pytest

from gateway.browser_assets import install
from gateway.browser_assets.install import BUILT, BUNDLES, Bundle

SOURCES = {name: bundle.source for name, bundle in BUNDLES.items()}

WORKING = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/calls"
[ -f src/assets/Assets.tsx ] || exit 9
case "$1" in
  ci) [ ! -e assets ] || exit 9; mkdir node_modules ;;
  run) mkdir assets; echo '{}' > assets/manifest.json ;;
esac
"""


def npm(folder: Path, script: str) -> str:
    """A stand-in for npm, which does as the shell script says in the folder it is run in."""
    path = folder / "npm"
    path.write_text(script)
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    """A page whose source is a file, and whose assets are not there yet."""
    source = tmp_path / "source"
    (source / "node_modules").mkdir(parents=True)
    (source / "page.js").touch()
    # A page of assets is a part of the source, and not what an earlier build has left.
    (source / "src" / "assets").mkdir(parents=True)
    (source / "src" / "assets" / "Assets.tsx").touch()
    (source / "assets").mkdir()
    return Bundle("The page", source, tmp_path / "assets")


def ready(folder: Path) -> str:
    return (folder / "assets" / ".ready").read_text()


def test_npm_installs_the_lock_builds_and_leaves_only_the_assets(tmp_path: Path, bundle: Bundle) -> None:
    assert install.install(bundle, npm(tmp_path, WORKING)) == BUILT
    assert ready(tmp_path) == BUILT
    assert (tmp_path / "calls").read_text() == "ci --omit=dev --loglevel=error\nrun --silent build\n"
    assert sorted(path.name for path in bundle.source.iterdir()) == ["assets", "node_modules", "page.js", "src"]


def test_what_an_earlier_set_up_built_is_replaced(tmp_path: Path, bundle: Bundle) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "explorer-OLD.js").touch()
    install.install(bundle, npm(tmp_path, WORKING))
    assert sorted(path.name for path in (tmp_path / "assets").iterdir()) == [".ready", "manifest.json"]


def test_without_npm_a_mark_says_so(tmp_path: Path, bundle: Bundle) -> None:
    assert install.install(bundle, None) == "npm was not found; it comes with Node.js 20 or newer\n"
    assert [path.name for path in (tmp_path / "assets").iterdir()] == [".ready"]


@pytest.mark.parametrize(
    ("script", "mark"),
    [
        (
            "#!/bin/sh\necho 'npm error code ECONNREFUSED\nnpm error more' >&2\nexit 1\n",
            "npm ci failed (npm error code ECONNREFUSED)\n",
        ),
        ("#!/bin/sh\nexit 3\n", "npm ci failed (it gave no reason)\n"),
        ("#!/bin/sh\n[ $1 = ci ] || { echo oops >&2; exit 1; }\n", "npm run build failed (oops)\n"),
        ("#!/bin/sh\nmkdir -p assets; touch assets/half.js\n", "npm run build left no manifest\n"),
    ],
)
def test_a_failing_npm_leaves_the_mark_alone(tmp_path: Path, bundle: Bundle, script: str, mark: str) -> None:
    assert install.install(bundle, npm(tmp_path, script)) == mark
    assert ready(tmp_path) == mark
    assert [path.name for path in (tmp_path / "assets").iterdir()] == [".ready"]


def test_an_npm_that_cannot_be_started_leaves_a_mark(tmp_path: Path, bundle: Bundle) -> None:
    mark = install.install(bundle, str(tmp_path / "gone"))
    assert mark == "npm ci could not be started (No such file or directory)\n"


def test_an_npm_that_hangs_is_ended(tmp_path: Path, bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "TIMEOUT_SECONDS", 0.05)
    mark = install.install(bundle, npm(tmp_path, "#!/bin/sh\nexec sleep 60\n"))
    assert mark == "npm ci took longer than 0.05 seconds\n"


def test_set_up_goes_on_without_the_page_and_says_so_in_one_line(
    tmp_path: Path, bundle: Bundle, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    install.main(["page"], {"page": bundle})
    text = capsys.readouterr().out
    assert text.count("\n") == 1
    assert "npm was not found" in text
    assert "make page" in text


@pytest.mark.parametrize("folder", SOURCES.values(), ids=SOURCES)
def test_the_lock_holds_hashes_and_no_address(folder: Path) -> None:
    lock = json.loads((folder / "package-lock.json").read_text())
    packages = {path: package for path, package in lock["packages"].items() if path}
    assert len(packages) > 50
    assert [path for path, package in packages.items() if "resolved" in package] == []
    assert [path for path, package in packages.items() if not package["integrity"].startswith("sha512-")] == []
    assert "omit-lockfile-registry-resolved=true" in (folder / ".npmrc").read_text().splitlines()
    assert "registry=" not in re.sub(r"(?m)^;.*$", "", (folder / ".npmrc").read_text())


@pytest.mark.parametrize("folder", SOURCES.values(), ids=SOURCES)
def test_what_is_bundled_is_pinned_and_the_lock_agrees(folder: Path) -> None:
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]
    locked = json.loads((folder / "package-lock.json").read_text())["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
