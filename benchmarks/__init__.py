"""Benchmarks: one command each (`python -m benchmarks.NAME`), printing a table with the floor of the same run."""
