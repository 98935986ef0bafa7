"""The live application: change a scenario in a browser, run it, and see what the change does."""
