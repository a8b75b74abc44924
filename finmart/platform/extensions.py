"""Flask extensions, made once and bound to an app by the factory."""

from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf import CSRFProtect

from finmart.platform.throttle.limits import Limits

babel = Babel()
csrf = CSRFProtect()
login_manager = LoginManager()
#: ``@limiter.limit("10 per minute", methods=["POST"])`` on a view.
limiter = Limits()
