"""benchmarks.locked_environments: made once for a lock, again for another, and the installer's word where it fails."""

from pathlib import Path

import pytest

from benchmarks.locked_environments import LockedEnvironmentError, locked_environment


def test_it_is_made_once_for_each_lock(tmp_path: Path) -> None:
    lock, home = tmp_path / "client.lock", tmp_path / "home"
    lock.write_text("")
    assert locked_environment(lock, home) == home / "bin"
    assert (home / "bin" / "python").exists()
    (home / "left").touch()
    locked_environment(lock, home)
    assert (home / "left").exists()
    lock.write_text("# changed\n")
    locked_environment(lock, home)
    assert not (home / "left").exists()


def test_what_has_no_hash_is_not_installed(tmp_path: Path) -> None:
    lock, home = tmp_path / "client.lock", tmp_path / "home"
    lock.write_text("awscli==1.40.0\n")
    with pytest.raises(LockedEnvironmentError, match=r"^installing client failed: (?s:.)*hash"):
        locked_environment(lock, home)
    assert not (home / ".ready").exists()
