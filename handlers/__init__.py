"""Stories a person starts; each module exposes `router`."""
