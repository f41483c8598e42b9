"""The assets that the demo keeps with a model: all that its settings ask for before a deployment."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from registry.enums import AssetRole
from sandbox.estate import Group

REQUIRED_ASSETS: Final = (
    AssetRole.DOCUMENTATION,
    AssetRole.SCHEMA,
    AssetRole.TRAINING_DATA,
    AssetRole.TEST_DATA,
    AssetRole.TEST_RESULT_COMPARATOR,
)
# Each folder of the estate has one object of this many rows; the sandbox's models answer each row with a score.
_ROWS: Final = 20
_COMPARATOR: Final = {
    "version": 1,
    "rows": {"equals": _ROWS},
    "errors": {"maximumShare": 0},
    "metrics": [{"name": "mean", "minimum": 0.1, "maximum": 0.9}, {"name": "maximum", "maximum": 1}],
}
_SCHEMA: Final = {
    "input": {"format": "csv", "columns": ["customer", "utilisation", "months", "defaulted"]},
    "output": {"format": "csv", "columns": ["score"]},
}


def demo_assets(group: Group, model: str) -> Sequence[Mapping[str, Any]]:
    """The assets of a model, as putAssets takes them; its data lies in the group's bucket already."""
    bucket = f"s3://{group.bucket}"
    card = (
        f"{model}: what it is for, how it was made, and where it must not be used. Reviewed by the model risk office."
    )
    return [
        _asset(AssetRole.DOCUMENTATION, "model card", text=card),
        _asset(AssetRole.SCHEMA, "rows and scores", text=json.dumps(_SCHEMA)),
        _asset(AssetRole.TRAINING_DATA, "training rows", s3Uri=f"{bucket}/datasets/{model}/train/"),
        _asset(AssetRole.TEST_DATA, "test rows", s3Uri=f"{bucket}/batch/{model}/input/part-0001.csv"),
        _asset(AssetRole.TEST_RESULT_COMPARATOR, "expectations", text=json.dumps(_COMPARATOR)),
    ]


def _asset(role: AssetRole, name: str, **content: str) -> Mapping[str, Any]:
    kind = {"contentType": "text/csv"} if role is AssetRole.TEST_DATA else {}
    return {"role": role.value, "name": name, "content": content, **kind}
