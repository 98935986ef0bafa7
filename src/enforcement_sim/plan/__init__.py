"""The narrow waist: a scenario as immutable arrays, and the cases at the door, drawn before time begins."""
