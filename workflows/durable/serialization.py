"""JSON serialization of workflow inputs and results; DBOS's default, pickle, would let a database run code."""

import json
from typing import Any

from dbos import Serializer

from workflows.durable.errors import DurableError

_EXCEPTION_KEY = "raised"


def as_json_value(value: Any) -> Any:
    """The value as it comes back from the database. Raises TypeError or ValueError for what JSON cannot hold."""
    return json.loads(to_json(value))


def to_json(value: Any) -> str:
    """The value as JSON. Raises TypeError or ValueError for what JSON cannot hold."""
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


class JSONSerializer(Serializer):
    """Keeps values as JSON, and of an exception its class: its message may hold what no database should keep."""

    def name(self) -> str:
        """The name that DBOS keeps beside each value."""
        return "json"

    def serialize(self, data: Any) -> str:
        """The text to keep."""
        return to_json({_EXCEPTION_KEY: type(data).__name__} if isinstance(data, BaseException) else data)

    def deserialize(self, serialized_data: str) -> Any:
        """The value, or an exception that names the class of the one that was kept."""
        value = json.loads(serialized_data)
        if isinstance(value, dict) and value.keys() == {_EXCEPTION_KEY}:
            return DurableError(f"The work ended with {value[_EXCEPTION_KEY]}; the log of its process has the details.")
        return value
