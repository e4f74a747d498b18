"""What more than one door tells: one module per noun."""
