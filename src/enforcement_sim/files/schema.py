"""The JSON Schema of scenario files, for editors and other programs."""

from __future__ import annotations

from typing import Any

from ..model.scenario import Scenario


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12); every key with a sentence that says what it is and in which unit."""
    result = Scenario.model_json_schema(mode="validation")
    result["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    result["title"] = "enforcement-sim scenario"
    result["properties"]["extends"] = {
        "type": "string",
        "description": "A scenario file, beside this one, over which this one is laid; null removes a key.",
    }
    result["required"] = [key for key in result.get("required", []) if key == "format"]
    return result
