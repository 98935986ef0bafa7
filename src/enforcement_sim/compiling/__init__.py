"""From functions to machine code: how they are compiled, and where the result is kept."""
