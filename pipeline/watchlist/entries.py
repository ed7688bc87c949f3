"""The watchlist's entries: their shapes and (soon) `load`, which reads a directory of YAML files.

Modules that `load` needs (the matcher) take the shapes from `pipeline.watchlist.shapes`, so that no
import runs in a circle.
"""

from __future__ import annotations

from pipeline.watchlist.shapes import Entry, Name

__all__ = ["Entry", "Name"]
