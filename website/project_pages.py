"""The pages of the site that are files of the project: README, docs/, and further files that these link to."""

import posixpath
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from website.errors import SiteError
from website.markdown import is_external, links, relink, spaced_lists

SCHEMA: Final = "schema/schema.graphql"
REFERENCE: Final = "reference/index.md"
_README: Final = "README.md"
_IMAGES: Final = (".png", ".svg")
_MAX_BYTES: Final = 60_000
_LANGUAGES: Final = {
    ".yaml": "yaml",
    ".json": "json",
    ".py": "python",
    ".mjs": "js",
    ".ts": "ts",
    ".graphql": "graphql",
}


@dataclass
class ProjectPages:
    """The pages that are reached from README and docs/, each under its place on the site.

    Attributes:
        root: The project's folder.
        files: Files of the project that Git keeps, by their paths below it.
        pages: Markdown by its place on the site.
        images: Images' paths below the project, by their place on the site.
    """

    root: Path
    files: frozenset[str]
    pages: dict[str, str] = field(default_factory=dict)
    images: dict[str, Path] = field(default_factory=dict)

    def place(self, path: str) -> str:
        """Give the place on the site of a file or folder, by its path below the project.

        Raises:
            SiteError: The project has no such file or folder.
        """
        if path == SCHEMA:
            return REFERENCE
        if path == _README:
            return "index.md"
        if path in self.files:
            named = path.removeprefix("docs/") if path.startswith("docs/") else f"project/{path}"
            return named if path.endswith((".md", *_IMAGES)) else f"{named}.md"
        if self._inside(path):
            readme = f"{path}/{_README}"
            own = path.removeprefix("docs/") if path.startswith("docs/") else f"project/{path}"
            return self.place(readme) if readme in self.files else f"{own}/index.md"
        raise SiteError(f"There is no {path} in the project.")

    def add(self, path: str) -> None:
        """Take a file or folder, by its path below the project, onto the site, with all that it links to.

        Raises:
            SiteError: A page links to a file that the project does not have.
        """
        place = self.place(path)
        if place == REFERENCE or place in self.pages or place in self.images:
            return
        if path.endswith(_IMAGES):
            self.images[place] = self.root / path
        elif path not in self.files and f"{path}/{_README}" in self.files:
            self.add(f"{path}/{_README}")
        elif path not in self.files:
            self._add_page(path, place, self._listing(path))
        elif path.endswith(".md"):
            self._add_page(path, place, (self.root / path).read_text(encoding="utf-8"))
        else:
            self.pages[place] = self._source(path)

    def _add_page(self, path: str, place: str, text: str) -> None:
        folder = path if path not in self.files else posixpath.dirname(path)
        targets = {link: _within(folder, link) for link in links(text) if not is_external(link)}

        def moved(link: str) -> str:
            if link.startswith("#"):
                return link
            anchor = "".join(link.partition("#")[1:])
            return posixpath.relpath(self.place(targets[link]), posixpath.dirname(place) or ".") + anchor

        try:
            self.pages[place] = spaced_lists(relink(text, moved))
        except SiteError as error:
            raise SiteError(f"{path}: {error}") from error
        for link, target in targets.items():
            if not link.startswith("#"):
                self.add(target)

    def _inside(self, folder: str) -> list[str]:
        return sorted(file for file in self.files if file.startswith(f"{folder}/"))

    def _listing(self, folder: str) -> str:
        """A page for a folder without one, which names its folders and files."""
        names = {file.removeprefix(f"{folder}/").partition("/")[0] for file in self._inside(folder)}
        shown = sorted(name for name in names if not name.startswith("."))
        items = [f"- [{self._title(f'{folder}/{name}') or name}]({name})" for name in shown]
        title = posixpath.basename(folder).capitalize() if folder.startswith("docs/") else folder
        return "\n".join([f"# {title}", "", *items, ""])

    def _title(self, file: str) -> str | None:
        first = (self.root / file).read_text(encoding="utf-8").split("\n", 1)[0] if file.endswith(".md") else ""
        return first.removeprefix("# ") or None

    def _source(self, path: str) -> str:
        """A page that shows a file which is no page, if it is not too long to be read."""
        language = _LANGUAGES.get(posixpath.splitext(path)[1], "text")
        text = (self.root / path).read_text(encoding="utf-8").rstrip()
        if len(text) > _MAX_BYTES:
            text = f"{len(text.splitlines())} lines: see the file itself."
        return f"---\nsearch:\n  exclude: true\n---\n\n# {path}\n\n````{language}\n{text}\n````\n"


def _within(folder: str, link: str) -> str:
    """The path below the project that a link of a page in this folder leads to."""
    return posixpath.normpath(posixpath.join(folder, link.partition("#")[0])).rstrip("/")


def project_pages(root: Path) -> ProjectPages:
    """Gather the pages of the project at this root.

    Raises:
        SiteError: A page links to a file that the project does not have.
    """
    result = ProjectPages(root, frozenset(kept_files(root)))
    for path in [_README, *sorted(file for file in result.files if file.startswith("docs/") and file.endswith(".md"))]:
        result.add(path)
    return result


def kept_files(root: Path) -> Iterator[str]:
    """Yield the files below a root that Git keeps, and new ones that it would; without Git, all files."""
    try:
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        listed = [str(path.relative_to(root)) for path in root.rglob("*")]
    return (name for name in listed if name and (root / name).is_file())
