"""What the contract promises and the schema does not have yet, by the number of the issue that brings it.

The number is the one in the issue's title ("12. An answer costs what it shows"). A name is a type (`Alarm`, with all
that it has), a field, an input field or an enum value (`Model.group`), an argument (`Query.models(scope:)`), an
interface of a type (`Model:Resource`), a member of a union (`Either|Model`) or a directive (`@name`).
Whoever builds a feature takes its names off this list.
"""

from typing import Final

NOT_BUILT: Final[dict[int, str]] = {}
