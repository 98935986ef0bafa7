"""A number with its evidence: where it was published, or why it is assumed and in which range."""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError

T = TypeVar("T")


class Strict(BaseModel):
    """Base of every noun: frozen, and a key that nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _no_unknown_keys(cls, written: Any) -> Any:
        # pydantic's own message does not say which names there are; this one carries them along.
        if isinstance(written, dict):
            valid = [field.alias or name for name, field in cls.model_fields.items()]
            unknown = [key for key in written if key not in valid]
            if unknown:
                raise PydanticCustomError("unknown_key", "unknown key", {"keys": unknown, "valid": valid})
        return written


class Evidence(Strict):
    """What stands behind a number: a source, a row of the law, or an assumption with its range."""

    source: str | None = Field(None, description="Key of an entry under `sources`, or a citation.")
    assumed: str | None = Field(
        None,
        description="Why this value is assumed where nobody has published one: a reason, or a key under `assumptions`.",
    )
    law: str | None = Field(
        None, description="Row of the law book that sets this number, or ROW/part where the row sets several."
    )
    range: tuple[float, float] | None = Field(
        None, description="Lowest and highest value worth trying, in the unit of the value."
    )

    @model_validator(mode="after")
    def _one_kind_of_evidence(self) -> Evidence:
        if self.source is not None and self.assumed is not None:
            raise ValueError("both a source and an assumption||keep `source` if it is published, else `assumed`")
        if self.law is not None and (self.source is not None or self.assumed is not None):
            raise ValueError("a row of the law and other evidence||keep `law` if the law sets it, else the other")
        if self.range is not None and self.range[0] > self.range[1]:
            raise ValueError("the range ends below its start||write the lower number first")
        return self

    @property
    def is_known(self) -> bool:
        """Whether a reader learns where the number comes from."""
        if self.law is not None:
            return True
        return self.source is not None or (self.assumed is not None and self.range is not None)


class Figure(Evidence, Generic[T]):
    """A value with its evidence; a bare value stands for one without."""

    value: T = Field(description="The value itself, in the unit that the key asks for.")


class Shorthand:
    """Tells the exported schema of a shorter way to write a value than the full mapping."""

    def __init__(self, **schema: Any) -> None:
        self.schema = schema

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Either the short form or the full one."""
        return {"anyOf": [self.schema, handler(core_schema)]}


def _as_figure(written: Any) -> Any:
    return written if isinstance(written, (dict, Figure)) else {"value": written}


Whole = Annotated[int, Field(ge=0, strict=True)]
Share = Annotated[float, Field(ge=0, le=1)]

WholeFigure = Annotated[Figure[Whole], BeforeValidator(_as_figure), Shorthand(type="integer", minimum=0)]
ShareFigure = Annotated[Figure[Share], BeforeValidator(_as_figure), Shorthand(type="number", minimum=0, maximum=1)]
NumberFigure = Annotated[Figure[float], BeforeValidator(_as_figure), Shorthand(type="number")]


class Title(Strict):
    """A name in both languages of the report."""

    en: str = Field(description="English.")
    zh: str = Field(description="Chinese (中文).")


def _as_title(written: Any) -> Any:
    return {"en": written, "zh": written} if isinstance(written, str) else written


TitleField = Annotated[Title, BeforeValidator(_as_title), Shorthand(type="string")]
Language = Literal["en", "zh"]
