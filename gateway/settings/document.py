"""Read YAML as text, substitute environment variables, and navigate the raw nodes before they are validated."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import yaml

from gateway.settings.errors import SettingsError, SettingsFault, YamlPath, format_path

# The beginning of each message of PyYAML, and the remedy. The messages may quote the file (an alias, a character), so
# none is passed on.
REMEDIES = (
    ("mapping values are not allowed", "put a value that holds ': ' in quotes, or mend the indentation"),
    ("found undefined alias", "put a value that begins with * in quotes"),
    ("expected alphabetic or numeric character", 'put a value that begins with * or & in quotes, such as "*"'),
    ("found character '\\t'", "indent with spaces, not with tabs"),
    ("found character", "put a value that begins with such a character in quotes"),
    ("could not find expected ':'", "write a key, a colon and a space before the value"),
    ("expected ',' or", "close the bracket; inside brackets, put a ${VARIABLE} in quotes"),
    ("found unexpected end of stream", "close the quotes"),
    ("but found another document", "keep one document in the file"),
)
# The types that YAML 1.1 guesses for plain values; here all but null are text.
PLAIN_TAGS = frozenset({"str", "null", "bool", "int", "float", "timestamp", "merge", "value", "map", "seq"})
# Twice the depth of any key; deeper nodes are not walked, so that no file can exhaust the stack.
MAX_DEPTH = 12
DEFAULT_REMEDY = "look at the indentation, the brackets and the quotes here"


def parse(raw: str, file: str) -> tuple[dict[str, Any], list[SettingsFault]]:
    """Parse a settings file: every scalar as text or None (for null), and the faults that leave the rest readable.

    Args:
        raw: The text of the file.
        file: The file's name, for messages.

    Raises:
        SettingsError: It is not YAML, or not a mapping of keys.
    """
    root, fault = _compose(raw, file)
    if fault is not None:
        raise SettingsError([fault])
    reading = _NodeReader(file)
    data = reading.value(root, ()) if root is not None else None
    if data is None and not reading.faults:
        return {}, []
    if not isinstance(data, dict):
        shape = SettingsFault(file, "is not a mapping of keys; begin it with a key such as server:")
        raise SettingsError([*reading.faults, shape])
    return data, reading.faults


class _AliasError(Exception):
    """A YAML alias. Aliases of aliases let a small file stand for gigabytes."""

    def __init__(self, mark: yaml.Mark) -> None:
        super().__init__()
        self.mark = mark


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader, which refuses aliases."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave this one out.
            if event.anchor in self.anchors:
                raise _AliasError(event.start_mark)
        return super().compose_node(parent, index)


def _compose(raw: str, file: str) -> tuple[yaml.Node | None, SettingsFault | None]:
    """Compose the tree of nodes, or give the fault in place of PyYAML's error, which has an excerpt of the file."""
    try:
        return yaml.compose(raw, _Loader), None
    except _AliasError as error:
        return None, SettingsFault(file, f"has a YAML alias at {_position(error.mark)}; write out what it stands for")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or ""
        remedy = next((remedy for start, remedy in REMEDIES if problem.startswith(start)), DEFAULT_REMEDY)
        place = _position(mark) if mark is not None else "some line"
    except yaml.reader.ReaderError as error:
        before = raw[: error.position]
        column = len(before) - before.rfind("\n")
        place, remedy = f"line {before.count(chr(10)) + 1}, column {column}", "take out the control character"
    except RecursionError:
        return None, SettingsFault(file, "is nested too deep; no key of the settings is so deep")
    return None, SettingsFault(file, f"is not YAML at {place}; {remedy}")


def _position(mark: yaml.Mark) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}"


class _NodeReader:
    """One walk over the tree of nodes, which collects `faults`."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.faults: list[SettingsFault] = []

    def value(self, node: yaml.Node, place: YamlPath) -> Any:
        """Read one node."""
        if len(place) > MAX_DEPTH:
            return self._fault(place[:MAX_DEPTH], node, "is nested too deep; no key of the settings is so deep")
        if node.tag.removeprefix("tag:yaml.org,2002:") not in PLAIN_TAGS:
            return self._fault(place, node, "has a YAML tag; put a value that begins with ! in quotes")
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)
        return self._mapping(node, place) if isinstance(node, yaml.MappingNode) else self._list(node, place)

    def _list(self, node: yaml.Node, place: YamlPath) -> list[Any]:
        return [self.value(item, (*place, number)) for number, item in enumerate(node.value)]

    def _mapping(self, node: yaml.MappingNode, place: YamlPath) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._fault(place, key, "has a key that is not text; write a plain key")
            elif key.value in data:
                self._fault((*place, str(key.value)), key, "stands here a second time; keep one of the two")
            else:
                data[str(key.value)] = self.value(value, (*place, str(key.value)))
        return data

    def _fault(self, place: YamlPath, node: yaml.Node, message: str) -> None:
        self.faults.append(SettingsFault(format_path(place) or self._file, f"{message} ({_position(node.start_mark)})"))


class MissingValue(Enum):
    """Reasons for which a place has no value."""

    ABSENT = "the key is not there"
    UNKNOWN = "its variable is not set"


ABSENT: Final = MissingValue.ABSENT
UNKNOWN: Final = MissingValue.UNKNOWN


class RawNode:
    """A place in the file and its value; navigating below it never fails.

    Args:
        value: The value as parsed: text, None, a mapping or a list; or why there is none (ABSENT, UNKNOWN).
        path: The keys and numbers that lead to it.

    Attributes:
        value: The value.
        path: The keys and numbers that lead to it.
    """

    def __init__(self, value: Any, path: YamlPath = ()) -> None:
        self.value = value
        self.path = path

    def __getitem__(self, key: str) -> "RawNode":
        if isinstance(self.value, Mapping):
            return RawNode(self.value.get(key, ABSENT), (*self.path, key))
        return RawNode(UNKNOWN if self.value is UNKNOWN else ABSENT, (*self.path, key))

    def items(self) -> list["RawNode"]:
        """The items of a list; none if the value is no list."""
        if not isinstance(self.value, list | tuple):
            return []
        return [RawNode(value, (*self.path, number)) for number, value in enumerate(self.value)]

    @property
    def key(self) -> str:
        """The place as a fault names it."""
        return format_path(self.path)

    @property
    def is_present(self) -> bool:
        """Tell whether the key has a value, valid or not."""
        return self.value is not ABSENT and self.value is not None

    def text(self, default: str | None = None) -> str | None:
        """The value if it is text, the default if the key is left out, None for anything else."""
        if self.value is ABSENT:
            return default
        return self.value if isinstance(self.value, str) and self.value else None


# `$${` stands for a plain `${`; anything else that begins with `${` must be a name in braces.
VARIABLE_PATTERN = re.compile(r"\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)\})?")


def substitute_variables(raw: Any, environ: Mapping[str, str]) -> tuple[Any, list[SettingsFault]]:
    """Replace the variables of a raw document by those of the environment, with a fault for each that cannot be.

    A value with such a fault becomes UNKNOWN, so that it has no second fault.

    Args:
        raw: The document as parsed.
        environ: The variables of the environment.
    """
    faults: list[SettingsFault] = []
    return _substitute(raw, environ, (), faults), faults


def _substitute(raw: Any, environ: Mapping[str, str], place: YamlPath, faults: list[SettingsFault]) -> Any:
    if isinstance(raw, str):
        filled, wrong = _substituted_text(raw, environ)
        faults += [SettingsFault(format_path(place), message) for message in wrong]
        return UNKNOWN if wrong else filled
    if isinstance(raw, Mapping):
        return {key: _substitute(value, environ, (*place, key), faults) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_substitute(value, environ, (*place, number), faults) for number, value in enumerate(raw)]
    return raw


def _substituted_text(raw: str, environ: Mapping[str, str]) -> tuple[str, list[str]]:
    """Replace the variables of a text: the text, and the faults."""
    wrong: list[str] = []

    def replacement(match: re.Match[str]) -> str:
        name = match[1]
        if match[0] == "$${":
            return "${"
        if name is None:
            wrong.append("has ${ without a name and }; write ${NAME}, or $${ for a plain ${")
        elif name not in environ:
            wrong.append(f"the variable {name} is not set; set it, or write the value here")
        elif not environ[name]:
            wrong.append(f"${{{name}}} is set, but empty; give the variable a value")
        return environ.get(name, "") if name else ""

    return VARIABLE_PATTERN.sub(replacement, raw), wrong
