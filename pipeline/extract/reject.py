"""Telling what is no article: challenge pages, walls, soft 404s, section pages, stubs."""

from __future__ import annotations
