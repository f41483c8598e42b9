"""ModelOp Center's own settings, as its page shows them: blanks, placeholders, lost indentation, no region."""

from pathlib import Path
from typing import Any

import pytest

from gateway.settings.settings import Settings, SettingsError, SettingsFault, load

STORED = """\
sagemaker-credentials:
  storedCredentials:
    - group:
      authenticationType: BASIC
      accessKeyId: xxxxxxxxxxxxxxx
      secretAccessKey: xxxxxxxxxxxxxxxxxxxxxxxxxx
      region: us-east-2
"""
WEB_IDENTITY = """\
sagemaker-credentials:
  eksServiceAccountCredentials:
    - path:
      roleArn: arn:aws:iam::111111111111:role/gateway
      webIdentityTokenFile: /var/run/token
"""
LIST = "sagemaker-credentials.{}[0].{}"
GROUP_LINE = (
    'is empty; write `group: "*"` for every authenticated caller, or the name of one group such as `group: risk`'
)
PATH_LINE = "is empty; write a name for this entry, such as `path: platform`"


def loaded(folder: Path, written: str, **environ: str) -> Settings:
    path = folder / "sagegraph.yaml"
    path.write_text(written, encoding="utf-8")
    return load(path, environ)


def faults(folder: Path, written: str, **environ: str) -> list[SettingsFault]:
    with pytest.raises(SettingsError) as caught:
        loaded(folder, written, **environ)
    return list(caught.value.faults)


@pytest.mark.parametrize("blank", ["group:", 'group: ""', "group: ~"])
def test_a_blank_group_stops_the_start_with_the_line_to_write(tmp_path: Path, blank: str) -> None:
    key = LIST.format("storedCredentials", "group")
    assert faults(tmp_path, STORED.replace("group:", blank)) == [SettingsFault(key, GROUP_LINE)]


def test_so_does_a_variable_that_is_empty(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, STORED.replace("group:", "group: ${GROUP}"), GROUP="")
    assert str(fault) == (
        f"{LIST.format('storedCredentials', 'group')}: ${{GROUP}} is set, but empty; give the variable a value"
    )


def test_a_blank_path_is_named(tmp_path: Path) -> None:
    key = LIST.format("eksServiceAccountCredentials", "path")
    assert faults(tmp_path, WEB_IDENTITY, AWS_REGION="eu-west-1") == [SettingsFault(key, PATH_LINE)]


def test_a_region_left_out_is_aws_region(tmp_path: Path) -> None:
    named = WEB_IDENTITY.replace("path:", "path: platform")
    (entry,) = loaded(tmp_path, named, AWS_REGION="eu-west-1").entries().web_identity
    assert (entry.region, entry.regions) == ("eu-west-1", ("eu-west-1",))
    (entry,) = loaded(tmp_path, f"{named}      region: us-east-2\n", AWS_REGION="eu-west-1").entries().web_identity
    assert entry.region == "us-east-2"


@pytest.mark.parametrize("environ", [{}, {"AWS_REGION": ""}])
def test_without_either_the_line_to_write_is_told(tmp_path: Path, environ: dict[str, str]) -> None:
    (fault,) = faults(tmp_path, WEB_IDENTITY.replace("path:", "path: platform"), **environ)
    assert (fault.key, fault.message) == (
        LIST.format("eksServiceAccountCredentials", "region"),
        "is missing; write the name of an AWS region, such as `region: us-east-2`, or set AWS_REGION",
    )


@pytest.mark.parametrize("listed", ["storedCredentials", "assumeRoleByGroup"])
def test_everyone_is_a_group_of_each_list(tmp_path: Path, listed: str) -> None:
    role = "    - {group: '*', roleArn: 'arn:aws:iam::111111111111:role/r', region: us-east-2}"
    written = STORED.replace("group:", 'group: "*"')
    if listed == "assumeRoleByGroup":
        written = f"sagemaker-credentials:\n  assumeRoleByGroup:\n{role}\n"
    entries: Any = loaded(tmp_path, written).entries()
    assert [entry.group for entry in (*entries.stored, *entries.assumed)] == ["*"]


def test_one_entry_of_all_lists_serves_everyone(tmp_path: Path) -> None:
    role = "    - {group: '*', roleArn: 'arn:aws:iam::111111111111:role/r', region: us-east-2}"
    stored = STORED.replace("group:", 'group: "*"')
    written = f"{stored}  assumeRoleByGroup:\n{role}\n"
    (fault,) = faults(tmp_path, written)
    assert fault.key == LIST.format("assumeRoleByGroup", "group")
    assert LIST.format("storedCredentials", "group") in fault.message


@pytest.mark.parametrize(
    ("written", "below"), [(STORED, "storedCredentials"), (WEB_IDENTITY, "eksServiceAccountCredentials")]
)
def test_lost_indentation_is_said_first(tmp_path: Path, written: str, below: str) -> None:
    pasted = "".join(f"{line.lstrip()}\n" for line in written.splitlines())
    first, *settings_faults = faults(tmp_path, pasted)
    assert first.key == str(tmp_path / "sagegraph.yaml")
    assert first.message == (
        f"has lost its indentation; indent `{below}` below `sagemaker-credentials:`, by two spaces"
    )
    assert settings_faults


def test_a_misspelt_key_is_no_lost_indentation(tmp_path: Path) -> None:
    assert [fault.key for fault in faults(tmp_path, "sagemaker:\nlimit: 3\n")] == ["sagemaker", "limit"]
