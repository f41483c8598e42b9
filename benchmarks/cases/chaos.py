"""Deployments in a fleet whose processes are killed and paused at random: nothing is lost, nothing is done twice."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import boto3
import httpx

from benchmarks import processes
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.databases import POSTGRES, SQLITE, database
from benchmarks.estates import bucket
from benchmarks.figures import BenchmarkResult, Goal, Table
from benchmarks.fleets import Fleet, Member, start_fleet
from benchmarks.processes import GROUP, SandboxProcess, StartError
from registry import audit
from registry.audit import AuditCriteria
from registry.database import Database
from registry.enums import AuditOutcome

REGION: Final = "us-east-2"
ESTATE: Final = "unserved-snapshots"
MODELS, SNAPSHOTS = 4, 20
# An endpoint takes minutes in AWS, and seconds here.
SPEED: Final = 20
CHAOS_TURNS, CHAOS_SECONDS, END_SECONDS = 90, 300.0, 300.0
TURN_SECONDS: Final = 1.0
# Deployments begin all the time that the fleet is disturbed.
TURNS_PER_START: Final = 4
# The longest pause of a process: longer than its lease on PostgreSQL; SQLite's lock would sleep with it.
PAUSE_SECONDS: Final = {SQLITE: 6.0, POSTGRES: 45.0}
ENDED: Final = frozenset({"DEPLOYED", "CANCELLED", "FAILED", "REJECTED", "SKIPPED", "COMPLETED"})
# The audited phases of a deployed one; half of the models have test data and are rehearsed.
PHASES: Final = ("verify", "approve", "launch", "settle")

IMPORT: Final = "mutation($input: ImportModelInput!) { importModel(input: $input) { registration { id } } }"
PUT: Final = "mutation($input: PutAssetInput!) { putAsset(input: $input) { userErrors { message } } }"
DEPLOY: Final = """mutation($input: DeploySnapshotInput!) {
  deploySnapshot(input: $input) { deployment { id } userErrors { code } } }"""
APPROVE: Final = (
    "mutation($input: ApproveDeploymentInput!) { approveDeployment(input: $input) { userErrors { code } } }"
)
CANCEL: Final = "mutation($input: CancelDeploymentInput!) { cancelDeployment(input: $input) { userErrors { code } } }"
LIST: Final = "{ deployments(first: 100) { nodes { id state snapshotName runtimeName reason } } }"


@dataclass
class ChaosRun:
    """The end of one fleet.

    Attributes:
        states: The number of deployments that ended in each state.
        open: The deployments that did not end, with the reason that they give.
        lost: Deployments that were begun and are not there.
        doubled: Deployments, endpoints or audited phases that are there more than once or that nobody wants.
        kills: The number of kills of a process.
        pauses: The number of pauses of a process.
        seconds: The time from the last of either until all had ended.
    """

    states: Counter[str] = field(default_factory=Counter)
    open: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    kills: int = 0
    pauses: int = 0
    seconds: float = 0.0


class Chaos:
    """Begins and decides deployments, and disturbs the processes, all by one random generator."""

    def __init__(self, fleet: Fleet, longest_pause: float, generator: random.Random) -> None:
        self.begun: dict[str, str] = {}
        self._fleet = fleet
        self._pause = longest_pause
        self._random = generator
        self._turns = 0
        self._left = [f"snapshot-{number:05}" for number in range(SNAPSHOTS)]
        # One in seven is cancelled as it waits for approval, and one in seven as it launches.
        self._fates = {name: generator.choice([*["approve"] * 5, "cancel", "late"]) for name in self._left}

    def run(self, turns: int, seconds: float) -> None:
        """Disturb the fleet in so many turns, or until the seconds are over."""
        until = time.monotonic() + seconds
        for _ in range(turns):
            if time.monotonic() > until:
                return
            self._disturb()
            self.turn()
            time.sleep(TURN_SECONDS)

    def turn(self) -> Sequence[Mapping[str, Any]]:
        """Begin the next deployment and decide about those that wait; give them all, none if nobody answers."""
        self._fleet.wake_due()
        self._turns += 1
        if self._left and self._turns % TURNS_PER_START == 0:
            name = self._left[0]
            answer = self._fleet.ask(DEPLOY, {"input": {"snapshotName": name}}, "ana")
            begun = ((answer or {}).get("deploySnapshot") or {}).get("deployment")
            if begun is not None:
                self.begun[self._left.pop(0)] = begun["id"]
        shown = ((self._fleet.ask(LIST, {}, "ana") or {}).get("deployments") or {}).get("nodes") or []
        for deployment in shown:
            self._decide(deployment)
        return shown

    @property
    def everything_is_begun(self) -> bool:
        """True if no deployment is left to begin."""
        return not self._left

    def _decide(self, deployment: Mapping[str, Any]) -> None:
        fate, state = self._fates[deployment["snapshotName"]], deployment["state"]
        by_id = {"input": {"id": deployment["id"]}}
        if state == "AWAITING_APPROVAL":
            self._fleet.ask(CANCEL if fate == "cancel" else APPROVE, by_id, "eve")
        elif state == "LAUNCHING" and fate == "late":
            self._fleet.ask(CANCEL, by_id, "eve")

    def _disturb(self) -> None:
        """Each turn, one time in four, somebody is killed, or one time in eight paused; one is left awake."""
        awake = [member for member in self._fleet.members if member.awake]
        lot = self._random.random()
        if len(awake) < 2 or lot > 3 / 8:
            return
        member: Member = self._random.choice(awake)
        if lot < 1 / 4:
            self._fleet.kill(member)
        else:
            self._fleet.pause(member, self._random.uniform(1, self._pause))


def measure(options: RunOptions) -> BenchmarkResult:
    """Disturb a fleet on each database, by the seed of the options."""
    return result({kind: _run(kind, options.seed) for kind in (SQLITE, POSTGRES)}, options.seed)


def _run(kind: str, seed: int) -> ChaosRun:
    with processes.start_sandbox({REGION: ESTATE}) as aws, database(kind) as url:
        settings = _settings(aws.url, url)
        with start_fleet(settings, gateways=2, workers=1) as fleet:
            _prepare(aws, fleet)
            chaos = Chaos(fleet, PAUSE_SECONDS[kind], random.Random(seed))
            chaos.run(CHAOS_TURNS, CHAOS_SECONDS)
            fleet.wake_due(everyone=True)
            run = _ended(fleet, chaos)
            run.kills, run.pauses = fleet.kills, fleet.pauses
            run.doubled += _unwanted_endpoints(fleet, aws)
        run.doubled += asyncio.run(_audited_otherwise(url, run))
    print(f"  {kind}: {run}", flush=True)
    return run


def _settings(aws_url: str, url: str) -> dict[str, object]:
    permissions = [{"group": GROUP, "allow": ["READ", "IMPORT", "DEPLOY", "APPROVE"]}]
    rehearsal = {"outputS3Uri": f"s3://{bucket(REGION, 'out')}/rehearsals/"}
    return processes.settings(aws_url, REGION, 0) | {
        "permissions": permissions,
        "database": {"url": url},
        "imports": {"startDeployments": False},
        "deployments": {"requiredAssets": [], "rehearsal": rehearsal, "watchSeconds": 5},
    }


def _prepare(aws: SandboxProcess, fleet: Fleet) -> None:
    """Register the models, half of them with test data, before anything is disturbed. Raises StartError."""
    httpx.post(f"{aws.url}/sandbox/clock", json={"speed": SPEED}).raise_for_status()
    for number in range(MODELS):
        registration = _imported(fleet, f"model-{number:05}")
        if number % 2:
            data = {"s3Uri": f"s3://{bucket(REGION, 'in')}/batch/part-0001.csv"}
            asset = {"registrationId": registration, "role": "TEST_DATA", "name": "rows", "content": data}
            answer = fleet.ask(PUT, {"input": asset}, "ana")
            if answer is None or answer["putAsset"]["userErrors"]:
                raise StartError(f"The test data could not be put: {answer}")


def _imported(fleet: Fleet, model: str) -> str:
    """The id of the model's registration. Raises StartError."""
    for _ in range(30):
        answer = fleet.ask(IMPORT, {"input": {"modelName": model}}, "ana")
        if answer is not None and answer["importModel"]["registration"] is not None:
            return str(answer["importModel"]["registration"]["id"])
        time.sleep(1)
    raise StartError(f"{model} could not be imported: {answer}")


def _ended(fleet: Fleet, chaos: Chaos) -> ChaosRun:
    """Go on without a disturbance until every deployment has ended, or the time is over."""
    begun = time.monotonic()
    shown: Sequence[Mapping[str, Any]] = ()
    while time.monotonic() - begun < END_SECONDS:
        shown = chaos.turn() or shown
        if chaos.everything_is_begun and len(shown) >= SNAPSHOTS and all(item["state"] in ENDED for item in shown):
            break
        time.sleep(TURN_SECONDS)
    run = ChaosRun(Counter(item["state"] for item in shown), seconds=time.monotonic() - begun)
    run.open = [f"{item['snapshotName']}: {item['reason']}" for item in shown if item["state"] not in ENDED]
    ids = [item["id"] for item in shown]
    run.lost = [name for name, key in chaos.begun.items() if key not in ids]
    run.lost += [] if chaos.everything_is_begun else ["deployments that could not be begun"]
    run.doubled = [name for name, times in Counter(item["snapshotName"] for item in shown).items() if times > 1]
    return run


def _unwanted_endpoints(fleet: Fleet, aws: SandboxProcess) -> list[str]:
    """Endpoints and jobs that no deployment wants, or that are missing, after enough time to clean up."""
    client = boto3.client(
        "sagemaker",
        region_name=REGION,
        endpoint_url=aws.url,
        aws_access_key_id="AKIABENCHMARKGATEWAY",
        aws_secret_access_key="any",
    )
    deadline = time.monotonic() + END_SECONDS / 2
    while (wrong := _wrong_endpoints(fleet, client)) and time.monotonic() < deadline:
        time.sleep(TURN_SECONDS)
    jobs = [job["TransformJobName"] for job in client.list_transform_jobs(MaxResults=100)["TransformJobSummaries"]]
    of_attempts = Counter(name.rsplit("-", 1)[0] for name in jobs)
    return [*wrong, *(f"{times} jobs {name}" for name, times in of_attempts.items() if times > 1)]


def _wrong_endpoints(fleet: Fleet, client: Any) -> list[str]:
    nodes = ((fleet.ask(LIST, {}, "ana") or {}).get("deployments") or {}).get("nodes")
    if nodes is None:
        return ["no gateway answers"]
    wanted = {item["runtimeName"] for item in nodes if item["state"] == "DEPLOYED"}
    there = {
        item["EndpointName"]
        for item in client.list_endpoints(MaxResults=100)["Endpoints"]
        if item["EndpointStatus"] != "Deleting"
    }
    return [f"endpoint {name}" for name in sorted(str(name) for name in wanted ^ there)]


async def _audited_otherwise(url: str, run: ChaosRun) -> list[str]:
    """Phases that are audited more often than once; those of deployed ones that are not audited count as lost."""
    async with Database(url) as registry, registry.reading() as connection:
        page = await audit.page(connection, AuditCriteria(groups=None), 2000)
    done = [event for event in page.records if event.outcome is AuditOutcome.SUCCEEDED]
    counted = Counter((event.target, event.action) for event in done if event.action.startswith("deployment."))
    settled = {target for target, action in counted if action == "deployment.settle"}
    if len(settled) != run.states["DEPLOYED"]:
        run.lost.append(f"{run.states['DEPLOYED']} are DEPLOYED, and {len(settled)} were audited")
    for target in settled:
        run.lost += [f"{target}: {phase}" for phase in PHASES if not counted[target, f"deployment.{phase}"]]
    return [f"{target}: {action} {times} times" for (target, action), times in counted.items() if times > 1]


def result(runs: Mapping[str, ChaosRun], seed: int) -> BenchmarkResult:
    """Sum up the runs, by database, of a seed."""
    rows = [
        [
            kind,
            f"{run.kills} and {run.pauses}",
            ", ".join(f"{times} {state}" for state, times in sorted(run.states.items())),
            f"{run.seconds:.0f} s",
        ]
        for kind, run in runs.items()
    ]
    figures: dict[str, Any] = {"seed": seed} | {
        kind: vars(run) | {"states": dict(run.states)} for kind, run in runs.items()
    }
    return BenchmarkResult(
        [Table(["database", "killed and paused", "ended", "after the last"], rows)],
        [goal for kind, run in runs.items() for goal in _goals(kind, run)],
        figures,
        notes=[
            f"The seed is {seed}: it decides who is killed or paused and for how long, among those that are awake in a "
            "turn, and what is cancelled."
        ],
    )


def _goals(kind: str, run: ChaosRun) -> Sequence[Goal]:
    texts = {
        "every deployment ends": run.open,
        "none is lost, nor what it did": run.lost,
        "nothing is there or done twice": run.doubled,
    }
    return [
        Goal(f"{kind}: {text}", "so it is" if not wrong else "; ".join(wrong)[:500], not wrong)
        for text, wrong in texts.items()
    ]


CASE = BenchmarkCase(
    "chaos",
    f"{SNAPSHOTS} deployments through two gateways and a worker, SQLite and PostgreSQL, while one of them is killed or "
    f"paused in every third of {CHAOS_TURNS} turns, {CHAOS_SECONDS:.0f} seconds at most; then until all have ended.",
    "Each ends, as DEPLOYED or cancelled; each endpoint, job and phase is there once. The work of a process that was "
    "killed is taken up 90 seconds later, so that some end two minutes after the last disturbance.",
    measure,
)
