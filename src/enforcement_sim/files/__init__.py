"""Text to scenario: reading, laying a change over a base, checking, the exported schema."""
