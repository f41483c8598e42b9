"""A plugin of ariadne-codegen: a value that an enum gains later reads as UNKNOWN, where the enum has that."""

import ast
from typing import Any, Final

from ariadne_codegen.plugins.base import Plugin

_MISSING: Final = """
@classmethod
def _missing_(cls, value: object) -> "{name}":
    return cls.UNKNOWN
"""


class GrowingEnums(Plugin):
    """Adds `_missing_` to each enum with the value UNKNOWN."""

    def generate_enum(self, class_def: ast.ClassDef, enum_type: Any) -> ast.ClassDef:
        """Add the method to the class of an enum, as a hook of ariadne-codegen.

        Args:
            class_def: The generated class.
            enum_type: The enum in the schema, whose `values` are by name.
        """
        if "UNKNOWN" in enum_type.values:
            class_def.body += ast.parse(_MISSING.format(name=class_def.name)).body
        return class_def
