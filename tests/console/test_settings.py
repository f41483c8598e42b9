"""Parts of the console that settings add: entered credentials, which nothing keeps, and Jira, which decides instead."""

from pathlib import Path

import pytest

from auth.permissions import Permission
from gateway.commands.demo_approval import jira_settings, start_jira
from gateway.commands.demo_assets import demo_assets
from gateway.settings.permissions import EnterCredentialsSettings, GroupPermissions
from gateway.settings.settings import Settings
from sandbox.estate import Estate
from sandbox.iam import principals
from sandbox.server import Sandbox
from tests.console.conftest import demo_gateway, running_script
from tests.deployments import use_fast_pace

pytestmark = pytest.mark.slow

KEYS = ("AKIAENTEREDKEYS00001", "EnteredSecretThatIsNowhereElse/0123456789", "EnteredTokenThatIsNowhereElse")


def with_entered_credentials(settings: Settings) -> Settings:
    """The settings, with keys that may be entered for the group risk."""
    grant = GroupPermissions(group="risk", allow=(Permission.ENTER_CREDENTIALS,))
    changes = {
        "enter_credentials": EnterCredentialsSettings(enabled=True),
        "permissions": (*settings.permissions, grant),
    }
    return settings.model_copy(update=changes)


async def test_entered_keys_are_kept_nowhere_and_jira_decides(
    browser_packages: Path, sandbox: Sandbox, estate: Estate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_fast_pace(monkeypatch)
    principals.add_user(estate.risk.account, "person", KEYS[0], KEYS[1])
    with start_jira() as jira:
        block = jira_settings(jira, "http://gateway.example")
        assets = demo_assets(estate.risk, "CreditLimit-Advisor")
        async with (
            demo_gateway(sandbox, estate, change=with_entered_credentials, jira=block) as url,
            running_script(
                browser_packages, "settings.mjs", url=url, folder=str(tmp_path), keys=KEYS, assets=assets
            ) as script,
        ):
            assert await script.said() == {"state": "Done"}
            await script.ended()
