"""Importing a pool: recognise the file, map its columns, check every row, then write all that is valid or nothing."""

from panels.domain.imports.acts import (
    abandon_import,
    confirm_import,
    discard_old_files,
    map_columns,
    start_import,
    waiting_imports,
)
from panels.domain.imports.columns import FIELDS, REQUIRED, guess_mapping, mapping_problems
from panels.domain.imports.problems import problem_sentence
from panels.domain.imports.work import check_import, run_import

__all__ = [
    "FIELDS",
    "REQUIRED",
    "abandon_import",
    "check_import",
    "confirm_import",
    "discard_old_files",
    "guess_mapping",
    "map_columns",
    "mapping_problems",
    "problem_sentence",
    "run_import",
    "start_import",
    "waiting_imports",
]
