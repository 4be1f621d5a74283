"""monday's columns: which values fit them, how a value is written, how a cell is read back."""

from mappings.columns.cleaning import NAME_LIMIT, clean, one_line, shorten
from mappings.columns.column import CellProblem, Column, Label, labels_of
from mappings.columns.decode import decode
from mappings.columns.encode import Cell, Encoder, encode, encoder
from mappings.columns.fit import WRITABLE, Fit, fits
from mappings.columns.landing import landed, shows

__all__ = [
    "NAME_LIMIT",
    "WRITABLE",
    "Cell",
    "CellProblem",
    "Column",
    "Encoder",
    "Fit",
    "Label",
    "clean",
    "decode",
    "encode",
    "encoder",
    "fits",
    "labels_of",
    "landed",
    "one_line",
    "shorten",
    "shows",
]
