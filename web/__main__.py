"""`python -m web` is `galley`."""

from web.commands import main

main()
