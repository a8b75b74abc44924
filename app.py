"""The application object, for servers that are not started by ``finmart serve``: one process a SQLite installation."""

from finmart.config import load_settings
from finmart.factory import create_app
from finmart.platform.web.server import hold_alone, use_runner_elsewhere

settings = load_settings()
hold_alone(settings)
app = create_app(settings)
use_runner_elsewhere(settings)
