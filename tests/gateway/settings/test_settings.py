"""gateway.settings.settings: models, values and their faults."""

import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from gateway.settings.model import all_keys
from gateway.settings.settings import Settings, SettingsError, SettingsFault, from_mapping, load

MANY_FAULTS = """\
limits: {pageSize: 500, dept: 3}
identity:
  mode: jwt
  user: X_User
  trustedPeers: [10.0.0.1/8]
sagemaker-credentials:
  storedCredentials:
    - {group: risk, accessKeyId: "${KEY_ID}", secretAccessKey: "${NOT_SET}", region: us-east-2}
  assumeRoleByGroup:
    - {group: audit, roleArn: arn:aws:iam::222222222222:role/audit, region: eu-west-1}
    - {group: risk, roleArn: arn:aws:iam::22222222222:role/risk, region: eu-west-1, base: {path: platform}}
permissions:
  - {group: "*", allow: [READ, FLY]}
deployments: {approval: jira}
deployments: {}
"""
REPORT = """\
identity.user: holds an underscore, which proxies rewrite or drop; write hyphens
identity.trustedPeers[0]: is not valid; expected a network such as 10.0.0.0/8, with no bit set after the prefix
identity.jwt: is missing, and identity.mode is jwt; add the block
sagemaker-credentials.storedCredentials[0].secretAccessKey: the variable NOT_SET is not set; set it, or write the \
value here
sagemaker-credentials.assumeRoleByGroup[1].roleArn: is not valid; expected the ARN of a role, such as \
arn:aws:iam::111111111111:role/name
sagemaker-credentials.assumeRoleByGroup[1].group: is the same group as sagemaker-credentials.storedCredentials[0].group\
; a group stands in one entry only, so take one of the two out
sagemaker-credentials.assumeRoleByGroup[1].base.path: no eksServiceAccountCredentials entry has this path; give it \
the path of one
permissions[0].allow[1]: is not valid; expected one of READ, IMPORT, CREATE_JOBS, DEPLOY, DEPLOY_WITHOUT_APPROVAL, \
APPROVE, SEE_SECRETS, ENTER_CREDENTIALS, AUDIT
deployments: stands here a second time; keep one of the two (line 15, column 1)
jira: is missing, and deployments.approval is jira; add the block
limits.pageSize: is not valid; expected a whole number from 1 to 100
limits.dept: is not a key here; did you mean depth?"""


def file(folder: Path, written: str) -> Path:
    path = folder / "gateway.yaml"
    path.write_text(written, encoding="utf-8")
    return path


def faults(folder: Path, written: str, environ: Mapping[str, str] | None = None) -> tuple[SettingsFault, ...]:
    with pytest.raises(SettingsError) as caught:
        load(file(folder, written), environ or {})
    return caught.value.faults


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    assert load(file(tmp_path, ""), {}) == from_mapping({})


def test_every_fault_of_a_file_is_in_one_report(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(file(tmp_path, MANY_FAULTS), {"KEY_ID": "geheim"})
    assert str(caught.value) == REPORT
    assert len(caught.value.faults) == 12


def test_the_environment_gives_values_of_every_kind(tmp_path: Path) -> None:
    written = """
        server: {port: "${PORT}"}
        explorer: ${EXPLORER}
        jira: {url: "https://${HOST}", user: u, token: "$${x}", project: p}
    """
    settings = load(file(tmp_path, written), {"PORT": "0", "EXPLORER": "off", "HOST": "jira.example.com"})
    assert (settings.server.port, settings.explorer) == (0, False)
    assert settings.jira is not None
    assert (settings.jira.url, settings.jira.token.get_secret_value()) == ("https://jira.example.com", "${x}")


def test_what_the_environment_gives_changes_no_structure(tmp_path: Path) -> None:
    environ = {"GROUP": "a}, {group: b, allow: [AUDIT]", "ALLOW": "[READ, AUDIT]"}
    written = 'identity: {groupsSeparator: ";"}\npermissions: [{group: "${GROUP}", allow: [READ]}]'
    settings = load(file(tmp_path, written), environ)
    assert [grant.group for grant in settings.permissions] == ["a}, {group: b, allow: [AUDIT]"]
    settings_faults = faults(tmp_path, 'permissions: [{group: a, allow: "${ALLOW}"}]', environ)
    assert [fault.key for fault in settings_faults] == ["permissions[0].allow"]


def test_yaml_does_not_guess(tmp_path: Path) -> None:
    written = "sagemaker: {search: on}\npermissions: [{group: no, allow: [READ]}, {group: 0123, allow: [READ]}]"
    settings = load(file(tmp_path, written), {})
    assert settings.sagemaker.search is True
    assert [grant.group for grant in settings.permissions] == ["no", "0123"]


@pytest.mark.parametrize("switch", ["introspection", "explorer"])
def test_what_is_open_to_see(switch: str) -> None:
    assert getattr(from_mapping({}), switch) is True
    assert getattr(from_mapping({switch: "off"}), switch) is False
    with pytest.raises(SettingsError) as caught:
        from_mapping({switch: "no"})
    assert caught.value.faults == (SettingsFault(switch, "is not valid; expected on or off (or true or false)"),)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "nothing.yaml"
    with pytest.raises(SettingsError) as caught:
        load(path, {})
    reason = "cannot be read (No such file or directory); name the settings file with --config"
    assert caught.value.faults == (SettingsFault(str(path), reason),)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "gateway.yaml"
    path.write_bytes(b"jira: \xff")
    with pytest.raises(SettingsError) as caught:
        load(path, {})
    assert caught.value.faults == (SettingsFault(str(path), "is not text in UTF-8; save it so"),)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "gateway.yaml"
    path.write_bytes(b"\xef\xbb\xbfexplorer: off\n")
    assert load(path, {}).explorer is False


def test_what_is_not_yaml_names_the_file_and_the_place(tmp_path: Path) -> None:
    settings_faults = faults(tmp_path, "jira:\n  token: geheim: x\n")
    remedy = "put a value that holds ': ' in quotes, or mend the indentation"
    assert settings_faults == (
        SettingsFault(str(tmp_path / "gateway.yaml"), f"is not YAML at line 2, column 16; {remedy}"),
    )


def test_settings_do_not_change() -> None:
    settings = from_mapping({})
    with pytest.raises(ValidationError):
        settings.explorer = False
    assert settings.explorer is True


def test_no_raw_mapping_or_list_is_left() -> None:
    settings = from_mapping(yaml.safe_load(MANY_FAULTS.split("identity", maxsplit=1)[0].replace("500, dept: 3", "50")))

    def check(value: object) -> None:
        assert not isinstance(value, dict | list)
        parts = [getattr(value, name) for name in type(value).model_fields] if isinstance(value, BaseModel) else []
        for part in parts + list(value if isinstance(value, tuple) else ()):
            check(part)

    check(settings)


# A marker that is a secret wherever it stands: in a report it would show at once.
MARKER = "Geheim7"
TEXTS = [
    MARKER,
    f" {MARKER}",
    f"{MARKER}\n",
    f"s3://{MARKER}",
    f"arn:aws:iam::1:role/{MARKER}",
    f"https://u:{MARKER}@h",
]
OTHERS: list[Any] = [
    None,
    5,
    True,
    [MARKER],
    [[MARKER]],
    [{}],
    {"group": MARKER},
    {f"{MARKER}:x": None},
    {MARKER * 5: MARKER},
]
PLACES = [key for key, _ in all_keys(Settings)]


def at(place: str, value: Any) -> dict[str, Any]:
    """A mapping in which only this place is written."""
    for part in reversed(place.split(".")):
        value = {part.removesuffix("[]"): [value] if part.endswith("[]") else value}
    return dict(value)


def merged(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: merged(one.get(key), other.get(key)) for key in one | other}
    if isinstance(one, list) and isinstance(other, list):
        return [merged(one[0], other[0]), *one, *other] if one and other else one + other
    return one if other is None else other


def refusal(data: Mapping[str, Any]) -> SettingsError | None:
    try:
        from_mapping(data)
    except SettingsError as error:
        return error
    return None


@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from([*TEXTS, *OTHERS])), min_size=1, max_size=6))
def test_no_report_ever_repeats_a_value(written: list[tuple[str, Any]]) -> None:
    data: Any = {}
    for place, value in written:
        data = merged(data, at(place, value))
    error = refusal(data)
    if error is None:
        return
    assert MARKER not in "".join(traceback.format_exception(error))
    assert (error.__cause__, error.__context__) == (None, None)
    assert len(str(error).splitlines()) == len(error.faults)
