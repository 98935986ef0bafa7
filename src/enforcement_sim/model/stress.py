"""What only an author can say of a simulation study; all else of a report after STRESS-DES the program knows."""

from __future__ import annotations

from pydantic import Field, field_validator

from .figures import Strict, Title, TitleField


class StressTexts(Strict):
    """The author's texts of a report after STRESS-DES, each in English and Chinese; none may be missing or empty."""

    purpose: TitleField = Field(description="Item 1.1: what the model is for, and for whom.")
    experimentation_aims: TitleField = Field(description="Item 1.3: which questions the experiments answer.")
    pre_processing: TitleField = Field(description="Item 3.2: what was done to the data before they were used.")
    sharing_statement: TitleField = Field(description="Item 6.1: where the model is to be had, under which licence.")

    @field_validator("*")
    @classmethod
    def _says_something(cls, given: Title) -> Title:
        if not given.en.strip() or not given.zh.strip():
            raise ValueError("an author's text is empty||a sentence in each language, or `none` with its reason")
        return given
