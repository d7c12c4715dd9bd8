"""The ways to talk to the bot, a file each."""
