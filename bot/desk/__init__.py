"""The desk of a hotline agent: look up, compare, reckon and read aloud while somebody waits."""
