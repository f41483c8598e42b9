"""Imports of the test modules, of which each worker of a fresh checkout compiles a share for all of them.

To compile the tests, with their assertions rewritten, takes three times as long as to import them. Workers that go
through them in one order compile all of them at the same time.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from _pytest.pathlib import import_path


def import_in_turns(config: pytest.Config) -> None:
    """Import a worker's share of the test modules, then the shares of the others; collecting takes them as they are.

    A module that cannot be imported is left to pytest, which says so.
    """
    given = getattr(config, "workerinput", None)
    if given is None or config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    files = sorted(_test_files(config.rootpath / "tests"))
    own = len(files) * int(given["workerid"].removeprefix("gw")) // given["workercount"]
    for path in (*files[own:], *files[:own]):
        known = set(sys.modules)
        try:
            import_path(path, mode="importlib", root=config.rootpath, consider_namespace_packages=False)
        except BaseException:  # noqa: BLE001  # A test module may raise anything, and even skip itself.
            for name in set(sys.modules) - known:
                if getattr(sys.modules[name], "__file__", None) == str(path):
                    del sys.modules[name]


def _test_files(folder: Path) -> Iterator[Path]:
    for name, folders, files in os.walk(folder):
        with suppress(ValueError):
            folders.remove("node_modules")
        yield from (Path(name) / file for file in files if file.startswith("test_") and file.endswith(".py"))
