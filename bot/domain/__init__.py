"""Pure rules: no I/O, no clock, standard library and pure text/date libraries only."""
