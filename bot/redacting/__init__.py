"""Numbers and names of persons in a text: how they are found, however they are written."""
