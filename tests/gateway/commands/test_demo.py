"""gateway.commands.demo: from nothing to an answer, and back to nothing."""

import re
import signal

from gateway.commands.demo import HEADERS, settings
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway.commands.processes import command, ended_by, finished, is_open, until


async def test_it_asks_the_main_question_and_ends_with_ctrl_c() -> None:
    async with command("demo", "--port", "0") as process:
        said = "".join(await until(process.stdout, "Ctrl-C ends all of it."))
        assert said.startswith("Starting an AWS on this machine …\n")
        assert "query WholePicture {" in said
        assert '"name": "fraud-detection-v12"' in said
        assert '"DescribeEndpointConfig": 11' in said
        assert '"Search": 3' in said
        assert "Error:" not in said
        (aws,) = re.findall(r"AWS is at (\S+);", said)
        (gateway,) = re.findall(r"GraphiQL is at (\S+)/graphql", said)
        assert (await is_open(aws), await is_open(gateway)) == (True, True)
        assert await ended_by(process, signal.SIGINT) == (0, "")
    assert (await is_open(aws), await is_open(gateway)) == (False, False)


async def test_a_port_that_is_taken(sandbox: Sandbox) -> None:
    taken = sandbox.url.rpartition(":")[2]
    complaint = f"The gateway cannot listen on port {taken}: Address already in use. Try --port 0.\n"
    assert await finished("demo", "--port", taken) == (1, "", complaint)


def test_its_settings_serve_the_estate_s_two_groups(estate: Estate, sandbox: Sandbox) -> None:
    made = settings(estate, sandbox.url, "sqlite+aiosqlite:///demo.db")
    assert {entry.group: entry.role_arn for entry in made.entries().assumed} == {
        "risk": estate.risk.role_arn,
        "marketing": estate.marketing.role_arn,
    }
    assert set(HEADERS["X-Forwarded-Groups"].split(",")) == {"risk", "marketing"}
    assert estate.secret_access_key not in repr(made)
