"""Reading the tables that people send: whatever the program, the encoding and the delimiter, and nothing that harms."""

from panels.files.problem import UnreadableFile
from panels.files.table import Table, normalise, read_table

__all__ = ["Table", "UnreadableFile", "normalise", "read_table"]
