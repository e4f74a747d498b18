"""Stories the clock starts; each module exposes `schedule`."""
