"""Platforms: everything about one chat platform stands in its own folder, loaded because it is configured."""
