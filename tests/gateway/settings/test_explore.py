"""gateway.settings.explore: reads for everybody, in the regions that are named or that the AWS configuration has."""

from pathlib import Path

import pytest

from auth.caller import Caller
from auth.credential_entries import AmbientKeys
from auth.errors import CredentialsUnavailableError
from auth.permissions import Permission
from auth.policy import Policy
from gateway.settings.explore import explore_settings
from gateway.settings.settings import SettingsError

URL = "sqlite+aiosqlite:////tmp/registry.db"


@pytest.fixture(autouse=True)
def configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The AWS configuration: a profile with a region and one without."""
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "config"
    path.write_text("[profile work]\nregion = eu-west-1\n[profile bare]\noutput = json\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return path


@pytest.mark.parametrize(
    ("profile", "regions", "environ", "expected"),
    [
        (None, ["us-east-2", "eu-west-1", "us-east-2"], {"AWS_REGION": "eu-north-1"}, ("us-east-2", "eu-west-1")),
        (None, [], {"AWS_REGION": "eu-north-1", "AWS_DEFAULT_REGION": "us-east-1"}, ("eu-north-1",)),
        (None, [], {"AWS_DEFAULT_REGION": "us-east-1"}, ("us-east-1",)),
        ("work", [], {"AWS_REGION": "eu-north-1"}, ("eu-west-1",)),
        ("bare", [], {"AWS_REGION": "eu-north-1"}, ("eu-north-1",)),
    ],
)
def test_regions(profile: str | None, regions: list[str], environ: dict[str, str], expected: tuple[str, ...]) -> None:
    (entry,) = explore_settings(profile, regions, URL, environ).entries().ambient
    assert (entry.region, entry.regions, entry.profile) == (expected[0], expected, profile)


def test_everybody_may_read_and_nothing_else() -> None:
    settings = explore_settings(None, ["us-east-2"], URL, {})
    policy, caller = Policy(settings.entries(), settings.permissions), Caller("explore", ())
    assert policy.permissions(caller, None) == {Permission.READ}
    assert isinstance(policy.select_acting_role(caller).entry, AmbientKeys)
    assert [selection.group for selection in policy.available_roles(caller)] == [None]


@pytest.mark.parametrize(
    ("regions", "words"),
    [([], "is missing, and so is AWS_REGION"), (["us-east-2", "Ohio"], "`Ohio` is not an AWS region")],
)
def test_a_region_is_needed(regions: list[str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        explore_settings(None, regions, URL, {})


def test_a_profile_that_is_not_there() -> None:
    with pytest.raises(CredentialsUnavailableError, match="nobody"):
        explore_settings("nobody", [], URL, {})
