"""What is true, since when, and who says so."""
