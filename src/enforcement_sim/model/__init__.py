"""The nouns of a scenario: frozen values, no files, no chance, no clock that runs."""
