"""An estate whose links are missing, refused or ambiguous to 30 %: no edge is wrong, and none is missed in silence."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from registry import job_links
from registry.database import Database
from registry.enums import ElementKind
from registry.job_links import LinkOwner, NewJobLink
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient, OpenGateway, fresh_database
from tests.registry.factories import create_registration_key
from tests.sagemaker_builder import BUCKET, IMAGE, SageMakerBuilder, building

SEEDS = range(6)
MODELS = 8
TROUBLED = 0.3
"""The share of links with which something is wrong."""

PAGE = "pageInfo { hasNextPage } totalCount unreadableCount completeAsOf"
QUESTION = f"""{{
  models(first: 20) {{ nodes {{ name
    snapshots(first: 20) {{ {PAGE} nodes {{ name }} }}
    runtimes(first: 20) {{ {PAGE} nodes {{ name }} }}
    inferenceComponents(first: 20) {{ {PAGE} nodes {{ name }} }}
    modelPackages {{ name: arn }}
    jobs(first: 20) {{ {PAGE} nodes {{ name }} }}
  }} }}
  snapshots(first: 20) {{ nodes {{ name runtimes(first: 20) {{ {PAGE} nodes {{ name }} }} }} }}
}}"""


@dataclass
class TroubledEstate:
    """The true links, whether or not a role may read them: for each field, the names that belong to each owner.

    Attributes:
        seed: Decides what is there, and what is wrong with it.
        truth: The links, by field and owner.
        deleted: Models that are gone.
        by_hand: The links by hand: the group, the model and its creation, the job's kind, name and creation.
    """

    sandbox: Sandbox
    seed: int
    truth: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    by_hand: list[tuple[str, str, datetime, ElementKind, str, datetime]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def link(self, field: str, owner: str, name: str) -> None:
        self.truth.setdefault((field, owner), set()).add(name)

    def is_troubled(self) -> bool:
        return self._dice.random() < TROUBLED

    def build(self, made: SageMakerBuilder) -> None:
        """Everything is there first; then links break."""
        self._train(made)
        models = [self._model(made, number) for number in range(MODELS)]
        # A component that is refused may serve any model, so beside one no list of runtimes is whole.
        hosts = bool(self.seed % 2)
        if hosts:
            made.component_host("host")
            self.link("snapshot.runtimes", "host-config", "host")
            self.sandbox.advance(600)
        for number in range(MODELS):
            self._serve(made, number, self._dice.sample(models, self._dice.choice((1, 1, 2))))
            if hosts:
                self._component(made, number, self._dice.choice(models))
            model = self._dice.choice(models)
            made.transform(f"batch-{number}", model)
            self.link("jobs", model, f"batch-{number}")
        self._link_by_hand(models)
        self._break()

    def _link_by_hand(self, models: list[str]) -> None:
        """People link jobs to models: some of them of another group, and some of what was deleted and made again."""
        dice = random.Random(self.seed + 1000)
        for model in models:
            for _ in range(dice.randrange(3)):
                word, number = dice.choice((("Training", "train"), ("Transform", "batch"))), dice.randrange(MODELS)
                name, group = f"{word[1]}-{number}", dice.choice(("risk", "risk", "other"))
                if any((group, model, name) == (link[0], link[1], link[4]) for link in self.by_hand):
                    continue
                job = self._created(f"{word[0]}Job", name)
                stale = dice.random() < TROUBLED
                made = job - timedelta(hours=1) if stale else job
                kind = ElementKind[f"{word[0].upper()}_JOB"]
                self.by_hand.append((group, model, self._created("Model", model), kind, name, made))
                # Of two groups with one role, either sees its own links alone.
                if group == "risk" and not stale:
                    self.link("jobs", model, name)

    def _created(self, thing: str, name: str) -> datetime:
        described = self.sandbox.call(f"Describe{thing}", RISK.account, RISK.region, **{f"{thing}Name": name})
        return datetime.fromtimestamp(described["CreationTime"], UTC)

    async def keep_links(self, database: Database) -> None:
        """Keep the links by hand, each with a registration of its model."""
        place = {"account_id": RISK.account, "region": RISK.region}
        keys: dict[tuple[str, str], str] = {}
        for group, model, created, kind, name, made in self.by_hand:
            if (group, model) not in keys:
                new = {"group": group, "model_arn": RISK.arn("model", model), "model_created_at": created, **place}
                keys[group, model] = await create_registration_key(database, model, **new)
            link = NewJobLink(
                registration_key=keys[group, model],
                kind=kind,
                name=name,
                job_created_at=made,
                linked_by="ann",
                linked_at=made,
            )
            async with database.writing() as connection:
                assert await job_links.save(connection, LinkOwner(group, **place), link)

    def _train(self, made: SageMakerBuilder) -> None:
        self.artifacts = {f"train-{number}": made.training(f"train-{number}") for number in range(MODELS)}
        made.call_at("CreateModelPackageGroup", ModelPackageGroupName="versions")
        for job in list(self.artifacts)[:3]:
            containers = [{"Image": IMAGE, "ModelDataUrl": self.artifacts[job]}]
            specification = {
                "Containers": containers,
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv"],
            }
            made.call_at("CreateModelPackage", ModelPackageGroupName="versions", InferenceSpecification=specification)

    def _model(self, made: SageMakerBuilder, number: int) -> str:
        """Of an artifact that it may share with another model, of a version of the registry, or of nobody's making."""
        name, job = f"model-{number}", self._dice.choice(list(self.artifacts))
        made_of = self._dice.choice(("artifact", "artifact", "package", "copy"))
        if made_of == "artifact":
            made.model(name, self.artifacts[job])
        elif made_of == "copy":
            made.model(name, f"s3://{BUCKET}/copied/{name}.tar.gz")
        else:
            version = self._dice.randrange(1, 4)
            arn = RISK.arn("model-package", "versions") + f"/{version}"
            job = f"train-{version - 1}"
            made.model(name, PrimaryContainer={"ModelPackageName": arn})
            self.link("modelPackages", name, arn)
        if made_of != "copy":
            self.link("jobs", name, job)
        return name

    def _serve(self, made: SageMakerBuilder, number: int, models: list[str]) -> None:
        snapshot, runtime = f"config-{number}", f"live-{number}"
        made.snapshot(snapshot, *models)
        served = self._dice.random() < 0.7
        if served:
            made.runtime(runtime, snapshot)
            self.link("snapshot.runtimes", snapshot, runtime)
        for model in models:
            self.link("snapshots", model, snapshot)
            if served:
                self.link("runtimes", model, runtime)

    def _component(self, made: SageMakerBuilder, number: int, model: str) -> None:
        made.component(f"part-{number}", "host", model)
        self.link("inferenceComponents", model, f"part-{number}")
        self.link("runtimes", model, "host")

    def _break(self) -> None:
        self.sandbox.advance(86_400)
        for operation, delete, member, name in self._things():
            if not self.is_troubled():
                continue
            if delete is not None and self._dice.random() < 0.4:
                self.sandbox.call(delete, RISK.account, RISK.region, **{member: name})
                self._forget(member, name)
            else:
                self.sandbox.faults.refuse(operation, name=name)
        if self._dice.random() < TROUBLED:
            listing = ("ListTransformJobs", "ListEndpoints", "ListInferenceComponents", "DescribeModelPackage")
            self.sandbox.faults.refuse(self._dice.choice(listing))

    def _things(self) -> Iterator[tuple[str, str | None, str, str]]:
        """Parts that can be refused, and things that can be gone: its description, its deletion, and its name."""
        for number in range(MODELS):
            yield "DescribeModel", "DeleteModel", "ModelName", f"model-{number}"
            yield "DescribeEndpointConfig", "DeleteEndpointConfig", "EndpointConfigName", f"config-{number}"
            yield "DescribeTrainingJob", None, "", f"train-{number}"
            yield "DescribeTransformJob", None, "", f"batch-{number}"
            yield "DescribeInferenceComponent", None, "", f"part-{number}"
            if ("snapshot.runtimes", f"config-{number}") in self.truth:
                yield "DescribeEndpoint", None, "", f"live-{number}"

    def _forget(self, member: str, name: str) -> None:
        """A thing that is gone is in no list; that an endpoint still runs it stays true."""
        if member == "ModelName":
            self.deleted.add(name)
        for (kind, _), names in self.truth.items():
            if kind == "snapshots" and member == "EndpointConfigName":
                names.discard(name)


def faults_of(estate: TroubledEstate, field: str, owner: str, page: Any) -> Iterator[str]:
    """The false statements of a page, or of a whole list."""
    if page is None:
        return
    if isinstance(page, list):
        page = {"nodes": page, "completeAsOf": "now", "unreadableCount": page.count(None), "totalCount": len(page),
                "pageInfo": {"hasNextPage": False}}  # fmt: skip
    shown, truth = {node["name"] for node in page["nodes"] if node}, estate.truth.get((field, owner), set())
    if wrong := shown - truth:
        yield f"{field} of {owner}: {wrong} do not belong"
    missed = truth - shown
    if page["completeAsOf"] is not None and len(missed) > page["unreadableCount"]:
        yield f"{field} of {owner} is said to be complete, and {missed} are missing"
    counted = page["totalCount"]
    if counted is not None and page["unreadableCount"] == 0 and counted != len(truth):
        yield f"{field} of {owner}: {counted} are counted, and there are {len(truth)}"
    assert not page["pageInfo"]["hasNextPage"]


async def untruths(gateway: GatewayClient, estate: TroubledEstate) -> list[str]:
    """Everything that one question is told and that is not so."""
    answer = await gateway.ask(QUESTION)
    data = answer.body["data"]
    lists = ("snapshots", "runtimes", "inferenceComponents", "modelPackages", "jobs")
    models = data["models"]["nodes"]
    told = {node["name"] for node in models}
    assert told == {f"model-{number}" for number in range(MODELS)} - estate.deleted
    nulls = sum(node[field] is None for node in models for field in lists)
    # What is null is told of as an error, at its own place.
    assert (
        sum(len(error["path"]) == 4 and error["path"][0] == "models" for error in answer.body.get("errors", ()))
        == nulls
    )
    pages = [(field, node["name"], node[field]) for node in models for field in lists]
    pages += [("snapshot.runtimes", node["name"], node["runtimes"]) for node in data["snapshots"]["nodes"]]
    return [fault for page in pages for fault in faults_of(estate, *page)]


@pytest.mark.parametrize("seed", SEEDS)
async def test_no_edge_is_wrong_and_none_is_claimed_complete_that_is_not(
    sandbox: Sandbox, open_working: OpenGateway, seed: int
) -> None:
    """Cold, and once more from what was kept."""
    estate = TroubledEstate(sandbox, seed)
    with building(sandbox) as made:
        estate.build(made)
    url = fresh_database()
    async with Database(url) as database:
        await estate.keep_links(database)
    async with open_working(database={"url": url}) as gateway:
        assert await untruths(gateway, estate) == []
        assert await untruths(gateway, estate) == []
