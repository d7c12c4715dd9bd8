"""Channels, conversations, answers and the command line."""
