"""Says whether a tag, pyproject.toml, CITATION.cff, the package and the changelog name one version; exit code 1 if not.

To be called as `python .ci/same_version.py v1.2.3`.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACES = {
    "CITATION.cff": r"^version: [\"']?([^\s\"']+)",
    "src/enforcement_sim/__init__.py": r"^__version__ = \"(.+)\"",
}


def versions(root: Path) -> dict[str, str]:
    """The version that each file states, '' where it states none."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = {"pyproject.toml": project["version"]}
    for name, pattern in PLACES.items():
        match = re.search(pattern, (root / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
        found[name] = match[1] if match else ""
    return found


def faults(tag: str, root: Path) -> list[str]:
    """What does not fit the tag, a sentence each."""
    if not re.fullmatch(r"v\d+\.\d+\.\d+\S*", tag):
        return [f"'{tag}' is no tag of a release: it must be like v1.2.3"]
    wanted = tag.removeprefix("v")
    found = versions(root).items()
    told = [f"{name} says {one or 'no version'}, the tag {wanted}" for name, one in found if one != wanted]
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    if not re.search(rf"^## \[{re.escape(wanted)}\] - \d{{4}}-\d\d-\d\d$", changelog, flags=re.MULTILINE):
        told.append(f"CHANGELOG.md has no heading `## [{wanted}] - YEAR-MONTH-DAY`")
    return told


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("name the tag: python .ci/same_version.py v1.2.3")
    if wrong := faults(sys.argv[1], ROOT):
        sys.exit("\n".join(wrong))
    print(f"all say {sys.argv[1].removeprefix('v')}")
