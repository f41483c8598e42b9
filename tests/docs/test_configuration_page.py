"""docs/configuration.md: every key with its true default, and an example that loads."""

import re
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from gateway.settings.errors import SettingsError
from gateway.settings.model import ValueType, all_keys, model_in
from gateway.settings.prices import Prices
from gateway.settings.settings import Settings, load
from gateway.settings.values import byte_size
from tests.docs.fences import fences
from tests.gateway.settings.test_json_schema import SCHEMA, keys

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.split("```yaml\n")[1].split("```")[0]
LINES = re.findall(r"^\| `(\S+)`( †)? \| (.+?) \| (.+) \|$", PAGE, re.M)
ROWS = {key: (bool(hides), default) for key, hides, default, _ in LINES}
MEANINGS = {key: meaning for key, _, _, meaning in LINES}
HEADINGS = dict(re.findall(r"^### `(\S+)`(.+?)(?: \((?:default|none): .+)?$", PAGE, re.M))
VALUES = [(key, field) for key, field in all_keys(Settings) if model_in(field.annotation) is None]
BLOCKS = [key for key, field in all_keys(Settings) if model_in(field.annotation) is not None]


def as_written(default: Any) -> str:
    """A default as the file would say it."""
    if isinstance(default, bool):
        return "on" if default else "off"
    if isinstance(default, tuple):
        return f"[{', '.join(as_written(item) for item in default)}]"
    if isinstance(default, Prices):
        return f"{{currency: {default.currency}}}"
    if isinstance(default, Enum):
        return str(default.value)
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    return "null" if default is None else str(default)


def cell(field: FieldInfo) -> str:
    """What the second column says of a field."""
    if field.is_required():
        return "*required*"
    if any(isinstance(known, ValueType) and known.parse is byte_size for known in field.metadata):
        return f"`{field.default // 2**20}MiB`"
    takes_null = not any("not_empty" in repr(known) for known in field.metadata)
    return f"`{as_written(field.default)}`" if field.default is not None or takes_null else "*none*"


@pytest.mark.parametrize(("key", "field"), VALUES)
def test_every_key_has_a_row_with_its_default(key: str, field: FieldInfo) -> None:
    assert ROWS[key] == ("SecretStr" in str(field.annotation), cell(field))


def test_no_row_is_about_a_key_that_is_not_there() -> None:
    assert ROWS.keys() == {key for key, _ in VALUES}


def test_every_block_has_a_heading() -> None:
    assert set(BLOCKS) == HEADINGS.keys()


def meaning(key: str) -> str:
    """The meaning of a key as the page has it, without its references; "As above" is that of the key above."""
    text = MEANINGS[key]
    if text.startswith("As above"):
        block, name = key.partition(".")[0], key.rpartition(".")[2]
        text = next(text for other, text in MEANINGS.items() if other.startswith(block) and other.endswith(f".{name}"))
    link = r"\[([^\]]+)\]\([^)]+\)"
    return re.sub(link, r"\1", re.sub(rf"[;,]? \({link}\)|; see {link}| See {link}\.", "", text))


def test_editors_show_the_meaning_that_the_page_has() -> None:
    shown = {key: schema["description"] for key, schema in keys(SCHEMA) if key != "prices.currency"}
    assert {key: text.partition(" Expected: ")[0] for key, text in shown.items() if key in MEANINGS} == {
        key: meaning(key) for key in MEANINGS
    }
    assert {key: text for key, text in shown.items() if key in HEADINGS} == {
        key: f"`{key}`{text}." for key, text in HEADINGS.items()
    }


def test_the_faults_are_told_as_they_stand_there(tmp_path: Path) -> None:
    (faults,) = (fence.text for fence in fences("docs/configuration.md", "") if fence.first.startswith("sagemaker"))
    path = tmp_path / "faulty.yaml"
    role = {"group": "risk", "roleArn": "arn:aws:iam::222222222222:role/risk", "region": "eu-west-1"}
    roles = [role, {**role, "group": "marketing", "roleArn": "marketing"}]
    text = {"sagemaker-credentials": {"assumeRoleByGroup": roles}, "limits": {"dept": 3}}
    path.write_text(yaml.safe_dump(text), encoding="utf-8")
    with pytest.raises(SettingsError) as told:
        load(path, {})
    assert str(told.value).splitlines() == faults.splitlines()


def test_the_line_for_editors_names_the_file_that_the_command_writes() -> None:
    (line,) = (fence.text for fence in fences("docs/configuration.md", "") if fence.first.startswith("# yaml"))
    (file,) = re.findall(r"\$schema=\./(\S+)", line)
    assert f"`python -m gateway settings-schema > {file}`" in PAGE


def test_the_example_loads(tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    settings = load(path, {"DATABASE_PASSWORD": "geheim"})
    assert "geheim" not in repr(settings)
    assert settings.database.address() == "postgresql+psycopg://sagegraph:geheim@db.internal/sagegraph"
    assert [grant.group for grant in settings.permissions] == ["*", "risk"]
