"""schema.value_types: values that may be secrets are shown to those who may see them, group by group."""

from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, RISK, OpenGateway, assume_role_entry, credential_settings
from tests.sagemaker_builder import IMAGE, building

SECRET = "not-for-everyone"
VALUES = """{
  models(group: $g) { nodes { containers { environment { key value redacted } } } }
  jobs(group: $g) { nodes { ... on TrainingJob { hyperParameters { key value redacted } }
                            ... on TransformJob { environment { key value redacted } } } }
}"""
QUERY = f"query($g: String) {VALUES}"
ONE = {"key": "KEY", "value": SECRET, "redacted": False}
HIDDEN = {"key": "KEY", "value": None, "redacted": True}


@pytest.fixture
def secrets(sandbox: Sandbox) -> None:
    """A model and jobs with a secret each, in both accounts."""
    for group in (RISK, MARKETING):
        with building(sandbox, group) as things:
            things.model("m", PrimaryContainer={"Image": IMAGE, "Environment": {"KEY": SECRET}})
            things.training("train", HyperParameters={"KEY": SECRET})
            things.transform("batch", "m", Environment={"KEY": SECRET})


def shown(data: Any) -> list[Any]:
    """What is shown of the three secrets of one group."""
    (model,) = data["models"]["nodes"]
    batch, train = data["jobs"]["nodes"]
    return [model["containers"][0]["environment"], batch["environment"], train["hyperParameters"]]


@pytest.mark.parametrize(("allowed", "value"), [(["READ"], HIDDEN), (["READ", "SEE_SECRETS"], ONE)])
async def test_who_may_see(open_gateway: OpenGateway, secrets: None, allowed: list[str], value: dict[str, Any]) -> None:
    async with open_gateway(permissions=[{"group": "risk", "allow": allowed}]) as gateway:
        answer = await gateway.ask(QUERY)
    assert shown(answer.data) == [[value]] * 3
    assert (SECRET in str(answer.body)) is ("SEE_SECRETS" in allowed)


READERS = [{"group": "*", "allow": ["READ"]}, {"group": "marketing", "allow": ["SEE_SECRETS"]}]
ENVIRONMENT = "nodes { containers { environment { key value redacted } } }"


async def test_two_groups_in_one_request(open_gateway: OpenGateway, secrets: None) -> None:
    """Each shows what it may, whichever comes first."""
    for order in (("risk", "marketing"), ("marketing", "risk")):
        query = " ".join(f'{group}: models(group: "{group}") {{ {ENVIRONMENT} }}' for group in order)
        async with open_gateway(permissions=READERS) as gateway:
            answer = await gateway.ask(f"{{ {query} }}", groups=["risk", "marketing"])
        text = {group: data["nodes"][0]["containers"][0]["environment"] for group, data in answer.data.items()}
        assert text == {"risk": [HIDDEN], "marketing": [ONE]}


async def test_another_person_s_answer_gives_nothing_away(open_gateway: OpenGateway, secrets: None) -> None:
    """Both groups work with one role and so with one scope; what one of them has had shown, the other may not see."""
    shared = credential_settings(assume_role_entry(RISK), assume_role_entry(RISK, "auditors"))
    permissions = [{"group": "*", "allow": ["READ"]}, {"group": "auditors", "allow": ["SEE_SECRETS"]}]
    async with open_gateway(**shared, permissions=permissions) as gateway:
        assert shown((await gateway.ask(QUERY, user="bob", groups=["auditors"])).data) == [[ONE]] * 3
        assert shown((await gateway.ask(QUERY, user="ann", groups=["risk"])).data) == [[HIDDEN]] * 3
        assert shown((await gateway.ask(QUERY, user="bob", groups=["auditors"])).data) == [[ONE]] * 3
