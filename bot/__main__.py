"""`python -m bot` is `yiwentong`."""

from bot.cli import main

main(prog_name="yiwentong")
