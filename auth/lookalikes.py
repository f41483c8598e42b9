"""Names that look alike: skeletons as in UTS #39, and the characters that no name may hold because they look blank."""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

import confusable_homoglyphs

# Default_Ignorable_Code_Point (DerivedCoreProperties.txt), and characters that are drawn as nothing: BRAILLE PATTERN
# BLANK, MUSICAL SYMBOL NULL NOTEHEAD, EGYPTIAN HIEROGLYPH FULL and HALF BLANK.
_BLANK_RANGES = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x13441, 0x13442),
    (0x16FE4, 0x16FE4),
    (0x1BCA0, 0x1BCA3),
    (0x1D159, 0x1D159),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
_FIRST_BLANK = 0x00AD


def prepare() -> None:
    """Read the table of confusable characters now; otherwise the first caller would wait 40 ms for it."""
    _prototypes()


def is_blank(character: str) -> bool:
    """Tell whether a character is ignorable or drawn as nothing, though it counts as a letter, mark or symbol."""
    code = ord(character)
    return code >= _FIRST_BLANK and any(first <= code <= last for first, last in _BLANK_RANGES)


def look_alike(one: str, other: str) -> bool:
    """Tell whether a reader takes `one` and `other` for one name: they differ in case, form and confusables only."""
    return bool(_skeletons(one) & _skeletons(other))


def skeleton(text: str) -> str:
    """The skeleton of a text (UTS #39, section 4), without blank characters: equal for texts that look alike."""
    prototypes = _prototypes()
    decomposed = unicodedata.normalize("NFD", text)
    mapped = "".join(prototypes.get(character, character) for character in decomposed if not is_blank(character))
    return unicodedata.normalize("NFD", mapped)


@lru_cache(maxsize=1024)
def _skeletons(name: str) -> frozenset[str]:
    """Skeletons of a name as it is written, and without case: a capital I is like an l, and is an i, too."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return frozenset({skeleton(name), skeleton(folded), skeleton(name.casefold()).casefold()})


@cache
def _prototypes() -> Mapping[str, str]:
    """The prototype of each confusable character, from Unicode's table in the package `confusable_homoglyphs`.

    That table names pairs in both directions. All characters that are joined by pairs share a prototype: a sequence if
    there is one, for sequences are never replaced, else the first of them in the order of code points.
    """
    pairs = json.loads(files(confusable_homoglyphs).joinpath("confusables.json").read_text("utf-8"))
    neighbours: dict[str, set[str]] = defaultdict(set)
    for character, homoglyphs in pairs.items():
        for homoglyph in homoglyphs:
            neighbours[character].add(homoglyph["c"])
            neighbours[homoglyph["c"]].add(character)
    prototypes: dict[str, str] = {}
    for character in neighbours:
        if character not in prototypes:
            alike = _joined(character, neighbours)
            prototype = min(alike, key=lambda item: (len(item) == 1, item))
            prototypes |= dict.fromkeys(alike, prototype)
    # A sequence is made of characters that have prototypes of their own.
    return {
        character: "".join(prototypes.get(part, part) for part in prototype) if len(prototype) > 1 else prototype
        for character, prototype in prototypes.items()
        if len(character) == 1
    }


def _joined(character: str, neighbours: Mapping[str, set[str]]) -> set[str]:
    """The characters that pairs join to one, with it."""
    joined, waiting = {character}, [character]
    while waiting:
        new = neighbours[waiting.pop()] - joined
        joined |= new
        waiting += new
    return joined
