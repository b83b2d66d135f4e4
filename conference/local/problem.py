"""What the embedded default says when it cannot go on."""

PROBLEM_FILE = "prepare-problem"  # where a child process leaves its sentence for the terminal


class Problem(Exception):  # noqa: N818  (it is said to a person, not raised at a programmer)
    """One clear sentence for the person at the terminal; whoever starts us prints it and leaves with status 1."""
