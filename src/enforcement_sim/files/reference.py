"""The keys of scenario files as a page of tables, printed from the model so that it cannot drift from it."""

from __future__ import annotations

from typing import Any

from .schema import schema

_INTRO = """# Scenario files: every key

Printed by `enforcement-sim schema --format markdown`; a test keeps this page equal to what the program accepts.

- A file is YAML 1.2 in UTF-8. Unknown keys, duplicate keys and tabs are refused.
- A length of time carries its unit: `30 min`, `3 h`, `2 days` (24 h each), `15 working days`, `90 calendar days`.
  In a stage of work, hours are hours of the team's calendar. A wait in working or calendar days counts whole legal
  days and does not count the first.
- Wherever a number may carry evidence, write it plain or as a mapping:
  `{value: 0.2, source: KEY}`, `{value: 2, law: ROW}` or `{value: 0.2, assumed: why, range: [0.1, 0.4]}`.
  With `purpose: place` (the default) every such number must carry one of the three.
- `then: closed`, `then: {decision: 0.9, investigation: rest}` and
  `then: {by: kind, ways: {clean: closed}, otherwise: filing}` are the three ways to say where a case goes next.
- `extends: base.yaml` lays a file over another: mappings merge key by key; figures, distributions and `then` are
  replaced whole; `null` removes a key. A procedure can extend another procedure of the same file in the same way.
"""

_HIDDEN = ("Evidence",)


def reference() -> str:
    """Markdown: one table for each kind of mapping, the file itself first."""
    return tables(schema(), _INTRO)


def tables(whole: dict[str, Any], intro: str) -> str:
    """Markdown of a JSON Schema: after the intro one table for each kind of mapping, the file itself first."""
    definitions: dict[str, Any] = whole["$defs"]
    parts = [intro, _section("The file", whole, definitions)]
    for name in sorted(definitions, key=_title):
        body = definitions[name]
        if "properties" in body and not name.startswith("Figure") and name not in _HIDDEN:
            parts.append(_section(_title(name), body, definitions))
    return "\n".join(parts)


def _title(name: str) -> str:
    return name.rsplit("__", 1)[-1]


def _section(title: str, body: dict[str, Any], definitions: dict[str, Any]) -> str:
    said = body.get("description", "") if title != "The file" else ""
    lines = [f"\n## {title}\n", f"{said}\n" if said else "", "| key | what | default |", "|---|---|---|"]
    required = body.get("required", [])
    for key, inner in body["properties"].items():
        if key in ("source", "assumed", "law", "range") and "assumed" in body["properties"] and key not in required:
            continue
        default = "**required**" if key in required else _default(inner)
        lines.append(f"| `{key}` | {_said(inner, definitions)} | {default} |")
    return "\n".join(line for line in lines if line)


def _default(inner: dict[str, Any]) -> str:
    value = inner.get("default")
    return "" if value in (None, [], {}) else f"`{value}`".lower() if isinstance(value, bool) else f"`{value}`"


def _said(inner: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "const" in inner:
        return f"`{inner['const']}`"
    if "description" not in inner and "$ref" in inner:  # the schema leaves out what the mapping says of itself
        return str(definitions[inner["$ref"].rsplit("/", 1)[-1]].get("description", ""))
    return str(inner.get("description", ""))
