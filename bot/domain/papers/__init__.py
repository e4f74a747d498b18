"""Understanding an office's own paper as a plan: tables and running text in, items and refusals out. Pure rules.

`paper` holds what a file is read into, `drafts` what it is understood as; `columns`, `tables`, `prose` understand
blocks, `owners`, `times` and `standing` single cells, `assembly` makes one plan of it all.
"""
