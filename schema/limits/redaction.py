"""Remove values from messages about documents and variables."""

import re

from schema.imports.entered_credentials import INPUT_NAME

_TYPE = r"'[\w!\[\]]+'"
# "Variable '$filter' has invalid value at .tags[0].key: " and its like; the text behind it is about the value itself.
_INPUT_POSITION = re.compile(
    r"(?:Variable '\$\w+'|Argument '\w+')(?: defined by fragment '\w+')? has invalid (?:default )?value"
    r"(?: at (?:\.\w+|\[\d+\])+)?: "
)
# graphql-core 3.3.2 and Strawberry put the value at the end, or in quotes; the text around it is kept.
_MESSAGES_WITH_VALUES = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"(\w+ cannot represent (?:an? )?(?:[\w-]+ )*value): .*",
        r"(Enum '\w+' cannot represent (?:[\w-]+ )?value): .*",
        r"(Value) '.*'( does not exist in '\w+' enum)\..*",
        r"(Value cannot represent an? \w+): .*",
        rf"(Expected value of type {_TYPE} to be an object), found: .*",
        rf"(Expected value of type {_TYPE} to include required field '\w+'), found: .*",
        # Somebody who mixes up keys and values writes a secret in the place of a field's name.
        rf"(Expected value of type '{INPUT_NAME}' not to include unknown field) .*",
        rf"(Expected value of type {_TYPE} not to include unknown field '[_A-Za-z]\w{{0,63}}')[.,].*",
        rf"(Expected value of type {_TYPE} not to include unknown field) .*",
        rf"(Expected value of type {_TYPE}), (?:found|but encountered).*",
        r"(Syntax Error: (?:Expected .+?, found|Unexpected) (?:Name|Int|Float|String|BlockString|Comment)) '.*'(.*)",
        r"(Syntax Error: Invalid [\w ]+?)[:,] .*",
        r"(Syntax Error: Unexpected (?:single quote )?character).*",
    )
)
_SAFE_MESSAGES = re.compile(
    r"\w+ takes .*"  # The words of this schema's own scalars.
    rf"|Expected (?:a )?value of non-null type {_TYPE} .*"
    rf"|Expected variable '\$\w+' provided to (?:non-null )?type {_TYPE} .*"
    rf"|Within OneOf Input Object type {_TYPE}, .*"
)


def without_values(message: str) -> str:
    """The message of a fault in a document or its variables without the value; the place and the type are kept.

    A message on a variable in words that are not known here is left out altogether.
    """
    place = match[0] if (match := _INPUT_POSITION.match(message)) else ""
    text = message[len(place) :]
    for pattern in _MESSAGES_WITH_VALUES:
        if match := pattern.fullmatch(text):
            stored = "".join(match.groups(default="")).removesuffix(".")
            return f"{place}{stored}."
    if place and not _SAFE_MESSAGES.fullmatch(text):
        return f"{place}It does not fit its type."
    return message
