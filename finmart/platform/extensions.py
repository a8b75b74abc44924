"""Flask extensions, made once and bound to an app by the factory."""

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_wtf import CSRFProtect

babel = Babel()
csrf = CSRFProtect()
login_manager = LoginManager()
#: Counts are per process until a shared store is configured; the default limits only stop floods.
limiter = Limiter(get_remote_address, default_limits=["1200 per minute"], storage_uri="memory://")
