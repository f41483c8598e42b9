"""Builds the site: pages gathered, the reference written, the generator run strictly, and its pages looked at."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from graphql import build_schema

from benchmarks.locked_environments import locked_environment
from schema.permissions import root_permissions
from website.built_pages import faults, harden
from website.errors import SiteError
from website.project_pages import SCHEMA, ProjectPages, project_pages
from website.schema_reference import reference_pages

ROOT: Final = Path(__file__).parents[1]
HERE: Final = Path(__file__).parent
_LOCK: Final = ROOT / "requirements" / "docs.lock"
_SECONDS: Final = 300
_COLOUR: Final = re.compile(r"\x1b\[[\d;]*m")


def site_pages(root: Path = ROOT) -> ProjectPages:
    """Gather all pages of the site of the project at this root: its own, and the reference of its schema.

    Raises:
        SiteError: A page links to a file that the project does not have.
    """
    result = project_pages(root)
    schema = build_schema((root / SCHEMA).read_text(encoding="utf-8"))
    result.pages |= reference_pages(schema, root_permissions())
    return result


def build(folder: Path) -> Path:
    """Build the site, offline once the generator's environment is there.

    Args:
        folder: A folder for the gathered pages and the site; its present contents are replaced.

    Returns:
        The folder of the site.

    Raises:
        SiteError: A link leads nowhere, or a page loads something from elsewhere.
        LockedEnvironmentError: The generator could not be installed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    _write(site_pages(), folder / "docs")
    shutil.copyfile(HERE / "zensical.toml", folder / "zensical.toml")
    programs = locked_environment(_LOCK, Path(sys.prefix) / "foreign" / "docs")
    command = [str(programs / "zensical"), "build", "--clean", "--strict", "--config-file", "zensical.toml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=_SECONDS)
    if done.returncode:
        raise SiteError(_COLOUR.sub("", done.stdout + done.stderr).partition("Traceback")[0].strip())
    site = folder / "site"
    harden(site)
    if problems := faults(site):
        raise SiteError("\n".join(problems))
    return site


def _write(gathered: ProjectPages, docs: Path) -> None:
    for place, text in gathered.pages.items():
        path = docs / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for place, source in gathered.images.items():
        (docs / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, docs / place)
