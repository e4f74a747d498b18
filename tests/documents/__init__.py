"""Files that people keep, read and written for real."""
