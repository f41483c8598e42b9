"""resolvers.registrations.model_relations: from a model to its registration and back, and lists of models by it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from registry import registrations
from registry.database import Database
from registry.ids import key_of
from sandbox.server import Sandbox
from tests.gateway_client import (
    NO_CACHE_AGES,
    RISK,
    GatewayClient,
    OpenGateway,
    assume_role_entry,
    credential_settings,
    fresh_database,
)
from tests.registry.factories import create_registration
from tests.sagemaker_builder import START, building


@dataclass(frozen=True)
class Kept:
    """A gateway of two groups with one role, and registrations by their models."""

    gateway: GatewayClient
    database: Database
    registrations: dict[str, str]


@pytest.fixture
async def kept(open_gateway: OpenGateway, sandbox: Sandbox) -> AsyncIterator[Kept]:
    """Models a to d, of which `a` and `c` are imported by risk and `b` by another group; `d` was made anew since."""
    with building(sandbox) as things:
        for hour, name in enumerate("abcd"):
            things.model(name, at=START.replace(hour=hour))
    url = fresh_database()
    served = credential_settings(assume_role_entry(RISK), assume_role_entry(RISK, "other"))
    async with (
        open_gateway(**served, database={"url": url}, sagemaker=NO_CACHE_AGES) as gateway,
        Database(url) as database,
    ):
        made = {}
        for hour, (name, group) in enumerate((("a", "risk"), ("b", "other"), ("c", "risk"), ("d", "risk"))):
            registration = await create_registration(
                database,
                name,
                group=group,
                account_id=RISK.account,
                region=RISK.region,
                model_arn=RISK.arn("model", name),
                model_created_at=START.replace(hour=hour, minute=5 if name == "d" else 0),
            )
            made[name] = registration.id
        yield Kept(gateway, database, made)


async def test_a_model_leads_to_the_acting_groups_own_registration(kept: Kept) -> None:
    """Those of a list are looked up at once; a model that was made anew has none."""
    query = "{ models { nodes { name registration { id } } } }"
    result = {}
    for group in ("risk", "other"):
        answer = await kept.gateway.ask(query, groups=(group,))
        result[group] = [
            (node["name"], node["registration"] and node["registration"]["id"])
            for node in answer.data["models"]["nodes"]
        ]
    own = kept.registrations
    assert result == {
        "risk": [("d", None), ("c", own["c"]), ("b", None), ("a", own["a"])],
        "other": [("d", None), ("c", None), ("b", own["b"]), ("a", None)],
    }


async def test_a_list_of_models_takes_one_look_at_the_registry(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    plain = registrations.of_models

    async def counted(connection: Any, groups: Any, account: str, region: str, arns: Any, required: Any) -> Any:
        asked.append(list(arns))
        return await plain(connection, groups, account, region, arns, required)

    monkeypatch.setattr("resolvers.registrations.model_relations.registrations.of_models", counted)
    await kept.gateway.ask("{ models { nodes { registration { id modelName } } } }")
    assert asked == [[RISK.arn("model", name) for name in "dcba"]]


@pytest.mark.parametrize(
    ("group", "imported", "names"),
    [
        ("risk", True, ["c", "a"]),
        ("risk", False, ["d", "b"]),
        ("risk", None, ["d", "c", "b", "a"]),
        ("other", True, ["b"]),
        ("other", False, ["d", "c", "a"]),
    ],
)
async def test_models_by_whether_they_are_imported(
    kept: Kept, sandbox: Sandbox, group: str, imported: bool | None, names: list[str]
) -> None:
    query = """query($i: Boolean) { models(filter: {imported: $i}) { totalCount nodes { name } } }"""
    answer = await kept.gateway.ask(query, {"i": imported}, groups=(group,))
    assert [node["name"] for node in answer.data["models"]["nodes"]] == names
    assert answer.data["models"]["totalCount"] == len(names)
    assert sandbox.calls.count("ListModels") == 1
    assert sandbox.calls.count("DescribeModel") == 0


async def test_a_registration_leads_to_its_model(kept: Kept, sandbox: Sandbox) -> None:
    """Not to one that was made anew under its name, nor to one that may not be read."""
    sandbox.faults.refuse("DescribeModel", name="c")
    query = "{ registrations { nodes { modelName model { name source registration { id } } } } }"
    answer = await kept.gateway.ask(query)
    own = kept.registrations
    nodes = answer.body["data"]["registrations"]["nodes"]
    assert {node["modelName"]: node["model"] for node in nodes} == {
        "a": {"name": "a", "source": "LIVE", "registration": {"id": own["a"]}},
        "c": None,
        "d": None,
    }
    assert answer.codes == ["FORBIDDEN"]
    assert sandbox.calls.count("DescribeModel") == 3


async def test_a_group_without_a_role_has_an_error_for_a_model(kept: Kept, sandbox: Sandbox) -> None:
    """The registration is there all the same."""
    async with kept.database.writing() as connection:
        await registrations.remove(connection, str(key_of(kept.registrations["a"], "Registration")))
    await create_registration(kept.database, "a", group="former")
    answer = await kept.gateway.ask("{ registrations { nodes { model { name } } } }", groups=("former",))
    assert answer.body["data"]["registrations"]["nodes"] == [{"model": None}]
    assert answer.codes == ["FORBIDDEN"]
    assert sandbox.calls.count("DescribeModel") == 0
