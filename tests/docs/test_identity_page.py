"""docs/identity.md: each provider's block loads, and reads the example beside it as the caller that it is of."""

import json
import re
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from auth.headers import identify
from auth.tokens.verification import caller_from_claims
from gateway.settings.settings import load

PAGE = (Path(__file__).parents[2] / "docs" / "identity.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```\n\n```(json|http)\n(.*?)```", PAGE, re.DOTALL)


def test_every_provider_has_a_block_with_an_example() -> None:
    assert re.findall(r"^## (.+)$", PAGE, re.MULTILINE) == [
        "Amazon Cognito",
        "Microsoft Entra ID",
        "Keycloak",
        "Okta",
        "oauth2-proxy",
        "Application Load Balancer",
    ]
    assert len(BLOCKS) == PAGE.count("```yaml") == 7
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    assert all("```yaml" in section for section in sections)


@pytest.mark.parametrize(("yaml", "form", "example"), BLOCKS)
def test_a_block_reads_its_example(tmp_path: Path, yaml: str, form: str, example: str) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(yaml, encoding="utf-8")
    identity = load(file, {}).identity
    if form == "json":
        caller = caller_from_claims(json.loads(example), identity.token_rules(), None)
    else:
        lines = [line.split(": ", 1) for line in example.splitlines()]
        (peers,) = identity.trusted_peers
        assert isinstance(peers, IPv4Network)
        headers = [(name.lower().encode(), value.encode()) for name, value in lines]
        result = identify(headers, str(peers[1]), identity.header_rules())
        assert result is not None
        caller = result
    assert caller.subject in {"ann", "ann@example.com"}
    assert caller.groups == ("risk", "mlops")
