"""The application object, for waitress, gunicorn and ``flask``."""

from finmart.factory import create_app

app = create_app()
