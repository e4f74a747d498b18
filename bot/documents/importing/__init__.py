"""Importing the clerk's own plan: reading the file into a paper, and writing what was understood as a plan file."""

from bot.documents.importing.checked import check_file
from bot.documents.importing.reading import read_paper
from bot.documents.importing.writing import plan_text

__all__ = ["check_file", "plan_text", "read_paper"]
