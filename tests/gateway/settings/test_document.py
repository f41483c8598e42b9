"""gateway.settings.document: models, values and their faults."""

import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.settings.document import ABSENT, UNKNOWN, RawNode, parse, substitute_variables
from gateway.settings.errors import SettingsError, SettingsFault


def refusal(written: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        parse(written, "gateway.yaml")
    return caught.value


@pytest.mark.parametrize(
    "scalar",
    [
        "no",
        "on",
        "Yes",
        "true",
        "0123",
        "1:30",
        "1_000",
        "1e3",
        "0x10",
        "012345678901",
        "2026-01-01",
        ".inf",
        "=",
        "-5",
    ],
)
def test_a_plain_scalar_is_the_text_that_stands_there(scalar: str) -> None:
    assert parse(f"group: {scalar}", "gateway.yaml") == ({"group": scalar}, [])


@pytest.mark.parametrize("scalar", ["", "null", "~"])
def test_null_is_none(scalar: str) -> None:
    assert parse(f"bucket: {scalar}", "gateway.yaml") == ({"bucket": None}, [])


def test_quoted_null_is_text() -> None:
    assert parse("group: 'null'", "gateway.yaml") == ({"group": "null"}, [])


@pytest.mark.parametrize("written", ["", "# nothing but a comment\n", "---\n"])
def test_a_file_without_anything_says_nothing(written: str) -> None:
    assert parse(written, "gateway.yaml") == ({}, [])


def test_lists_and_mappings_nest() -> None:
    written = "permissions:\n  - {group: '*', allow: [READ]}\n  - group: risk\n"
    assert parse(written, "gateway.yaml")[0] == {"permissions": [{"group": "*", "allow": ["READ"]}, {"group": "risk"}]}


def test_each_repeated_key_is_a_fault_and_the_rest_is_read() -> None:
    written = "server:\n  port: 1\n  port: 2\naws: {}\nserver: {}\npermissions: [{group: a, group: b}]\n"
    text, faults = parse(written, "gateway.yaml")
    assert text == {"server": {"port": "1"}, "aws": {}, "permissions": [{"group": "a"}]}
    assert faults == [
        SettingsFault("server.port", "stands here a second time; keep one of the two (line 3, column 3)"),
        SettingsFault("server", "stands here a second time; keep one of the two (line 5, column 1)"),
        SettingsFault("permissions[0].group", "stands here a second time; keep one of the two (line 6, column 26)"),
    ]


BOMB = "a: &a [x, x]\n" + "".join(f"{chr(n + 1)}: &{chr(n + 1)} [*{chr(n)}, *{chr(n)}]\n" for n in range(97, 122))


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("a: &regions [us-east-1]\nb: *regions\n", "line 2, column 4"),
        ("a: &a [*a]", "line 1, column 8"),
        (BOMB, "line 2, column 8"),
    ],
)
def test_an_alias_is_refused_where_it_stands(written: str, place: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse(written, "gateway.yaml")
    message = f"has a YAML alias at {place}; write out what it stands for"
    assert refused.value.faults == (SettingsFault("gateway.yaml", message),)


def test_an_anchor_alone_says_nothing() -> None:
    assert parse("a: &regions [us-east-1]\n", "gateway.yaml") == ({"a": ["us-east-1"]}, [])


@pytest.mark.parametrize(
    "written", ["a: !geheim x", "a: !!python/name:geheim x", "a: !geheim {b: c}", "a: !geheim [b]"]
)
def test_a_tag_is_a_fault(written: str) -> None:
    _, faults = parse(written, "gateway.yaml")
    message = "has a YAML tag; put a value that begins with ! in quotes (line 1, column 4)"
    assert faults == [SettingsFault("a", message)]


def test_what_is_nested_too_deep_is_a_fault_however_deep() -> None:
    _, faults = parse(f"a: {'[' * 150}{']' * 150}", "gateway.yaml")
    assert faults == [
        SettingsFault(f"a{'[0]' * 11}", "is nested too deep; no key of the settings is so deep (line 1, column 16)")
    ]
    settings_faults = refusal(f"a: {'[' * 5000}{']' * 5000}").faults
    assert settings_faults == (SettingsFault("gateway.yaml", "is nested too deep; no key of the settings is so deep"),)


def test_a_key_that_is_no_text_is_a_fault() -> None:
    _, faults = parse("a: {? [b] : c}", "gateway.yaml")
    assert faults == [SettingsFault("a", "has a key that is not text; write a plain key (line 1, column 7)")]


@pytest.mark.parametrize("written", ["- a", "geheim"])
def test_a_file_that_is_no_mapping_is_refused(written: str) -> None:
    assert refusal(written).faults == (
        SettingsFault("gateway.yaml", "is not a mapping of keys; begin it with a key such as server:"),
    )


@pytest.mark.parametrize(
    ("written", "place", "remedy"),
    [
        ("token: geheim: x", "line 1, column 14", "put a value that holds ': ' in quotes, or mend the indentation"),
        ("a: 1\ntoken: *geheim", "line 2, column 8", "put a value that begins with * in quotes"),
        ("groups: [*]", "line 1, column 11", 'put a value that begins with * or & in quotes, such as "*"'),
        ("token: @geheim", "line 1, column 8", "put a value that begins with such a character in quotes"),
        ("\ttoken: geheim", "line 1, column 1", "indent with spaces, not with tabs"),
        ("a: 1\ntoken:geheim\nb: 2", "line 3, column 1", "write a key, a colon and a space before the value"),
        ("token: 'geheim", "line 1, column 15", "close the quotes"),
        ("token: geheim\n---\nb: 1", "line 2, column 1", "keep one document in the file"),
        ("token: [geheim", "line 1, column 15", "close the bracket; inside brackets, put a ${VARIABLE} in quotes"),
        ("{token: ${geheim}}", "line 1, column 10", "close the bracket; inside brackets, put a ${VARIABLE} in quotes"),
        ("- geheim\nb: 1", "line 2, column 1", "look at the indentation, the brackets and the quotes here"),
        ("a: 1\ntoken: geheim\x01", "line 2, column 14", "take out the control character"),
    ],
)
def test_what_is_not_yaml_is_refused_with_its_place_and_without_its_text(written: str, place: str, remedy: str) -> None:
    error = refusal(written)
    assert error.faults == (SettingsFault("gateway.yaml", f"is not YAML at {place}; {remedy}"),)
    assert "geheim" not in "".join(traceback.format_exception(error))
    assert error.__cause__ is None
    assert error.__context__ is None


@given(st.text(alphabet="ab:-?,[]{}#&*!|>'\"%@` \n\t~<=.0\\\x00é", max_size=60))
def test_any_text_is_read_or_refused_on_one_line_each(written: str) -> None:
    try:
        _, faults = parse(written, "gateway.yaml")
    except SettingsError as error:
        faults = list(error.faults)
    assert all(len(str(fault).splitlines()) == 1 for fault in faults)


def test_a_place_knows_its_key_and_its_text() -> None:
    place = RawNode({"permissions": [{"group": "risk"}]})["permissions"].items()[0]["group"]
    assert (place.key, place.text(), place.is_present) == ("permissions[0].group", "risk", True)


@pytest.mark.parametrize("value", ["text", None, [], 5, ABSENT])
def test_below_what_is_no_mapping_there_is_nothing(value: object) -> None:
    place = RawNode(value)["a"]["b"]
    assert place.value is ABSENT
    assert not place.is_present
    assert place.text("default") == "default"


def test_below_the_unknown_all_is_unknown() -> None:
    place = RawNode({"a": UNKNOWN})["a"]["b"]
    assert place.value is UNKNOWN
    assert place.text("default") is None


@pytest.mark.parametrize("value", ["text", None, {}, 5, ABSENT, UNKNOWN])
def test_what_is_no_list_has_no_items(value: object) -> None:
    assert RawNode(value).items() == []


@pytest.mark.parametrize("value", [None, "", 5, [], UNKNOWN])
def test_what_is_no_text_takes_no_default(value: object) -> None:
    assert RawNode({"a": value})["a"].text("default") is None


ENVIRON = {"NAME": "risk", "EMPTY": "", "YAML": "[a, {b: c}]\n# d", "NESTED": "${NAME}", "_X1": "y"}


@pytest.mark.parametrize(
    ("written", "filled"),
    [
        ("${NAME}", "risk"),
        ("a-${NAME}-${_X1}", "a-risk-y"),
        ("$${NAME}", "${NAME}"),
        ("$$${NAME}", "$${NAME}"),
        ("$NAME", "$NAME"),
        ("5$ {NAME}", "5$ {NAME}"),
        ("", ""),
        ("${YAML}", "[a, {b: c}]\n# d"),
        ("${NESTED}", "${NAME}"),
    ],
)
def test_a_value_is_filled_once_and_as_text(written: str, filled: str) -> None:
    assert substitute_variables({"key": written}, ENVIRON) == ({"key": filled}, [])


def test_keys_and_what_is_no_text_stay_as_they_are() -> None:
    written = {"${NAME}": [None, 5, True, {"a": "${NAME}"}]}
    assert substitute_variables(written, ENVIRON) == ({"${NAME}": [None, 5, True, {"a": "risk"}]}, [])


def test_every_variable_that_is_not_set_is_a_fault_of_its_key() -> None:
    written = {"jira": {"token": "${A}-${NAME}-${B}"}, "permissions": [{"group": "${A}"}]}
    filled, faults = substitute_variables(written, ENVIRON)
    assert filled == {"jira": {"token": UNKNOWN}, "permissions": [{"group": UNKNOWN}]}
    assert faults == [
        SettingsFault("jira.token", "the variable A is not set; set it, or write the value here"),
        SettingsFault("jira.token", "the variable B is not set; set it, or write the value here"),
        SettingsFault("permissions[0].group", "the variable A is not set; set it, or write the value here"),
    ]


@pytest.mark.parametrize("written", ["${", "${}", "${NAME", "${A-B}", "${NAME:-geheim}", "${1A}"])
def test_a_reference_that_is_not_one_is_a_fault(written: str) -> None:
    filled, faults = substitute_variables({"key": written}, ENVIRON)
    assert filled == {"key": UNKNOWN}
    assert faults == [SettingsFault("key", "has ${ without a name and }; write ${NAME}, or $${ for a plain ${")]


def test_a_value_that_variables_leave_empty_is_a_fault() -> None:
    filled, faults = substitute_variables({"key": "${EMPTY}"}, ENVIRON)
    assert filled == {"key": UNKNOWN}
    assert faults == [SettingsFault("key", "${EMPTY} is set, but empty; give the variable a value")]


def test_so_is_an_empty_variable_within_a_value() -> None:
    """Such as a password in an address."""
    filled, faults = substitute_variables({"key": "a:${EMPTY}@b"}, ENVIRON)
    assert (filled["key"], [fault.key for fault in faults]) == (UNKNOWN, ["key"])
