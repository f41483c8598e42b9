"""pyproject.toml: every direct dependency has an upper bound."""

import re
import tomllib

from tests.contract.product_files import ROOT


def test_every_direct_dependency_has_an_upper_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    direct = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    assert len(direct) > 40
    assert [one for one in direct if not re.search(r"<\d", one.split(";")[0])] == []
