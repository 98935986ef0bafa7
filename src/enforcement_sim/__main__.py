"""`python -m enforcement_sim` is the command `enforcement-sim`."""

from .cli import main

if __name__ == "__main__":
    main()
