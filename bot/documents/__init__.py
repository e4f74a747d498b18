"""Files that people keep: rosters, plan files, holiday files. Each module reads or writes one kind."""
