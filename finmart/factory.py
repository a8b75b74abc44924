"""Putting the house together: the only place, with the command line, that knows every package."""

import gc
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.middleware.proxy_fix import ProxyFix

from finmart.config import ROOT, Settings, load_settings
from finmart.platform.accounts.service.sessions import LIFETIME
from finmart.platform.crypto.checks import check_keys
from finmart.platform.crypto.keyring import keyring, load_keyring, use_keyring
from finmart.platform.db.engine import make_engine
from finmart.platform.db.session import Database, unit_of_work, use_database
from finmart.platform.extensions import csrf, limiter, login_manager
from finmart.platform.keys.service import compare
from finmart.platform.web import (
    access,
    edge,
    errors,
    form_keys,
    home,
    language,
    logs,
    menu,
    rendering,
    security,
    storable,
)
from finmart.platform.web.numbers import RowNumber

#: Every module with tables, so that one metadata and one migration chain know them all.
MODELS = (
    "finmart.platform.throttle.models",
    "finmart.platform.web.models",
    "finmart.platform.audit.models",
    "finmart.platform.jobs.models",
    "finmart.platform.announcements.models",
    "finmart.platform.switches.models",
    "finmart.platform.dictionaries.models",
    "finmart.platform.notices.models",
    "finmart.platform.consents.models",
    "finmart.platform.accounts.models.users",
    "finmart.platform.accounts.models.organisations",
    "finmart.platform.accounts.models.branches",
    "finmart.platform.accounts.models.subjects",
    "finmart.platform.accounts.models.evidence",
    "finmart.platform.accounts.models.sso",
    "finmart.platform.accounts.models.second_factor",
    "finmart.platform.files.models",
    "finmart.platform.keys.models",
    "finmart.products.models",
    "finmart.products.reports.models",
    "finmart.products.policies.models",
    "finmart.products.readings.models",
    "finmart.products.figures.models",
    "finmart.credit.models",
    "finmart.matching.models",
    "finmart.matching.demands.models",
    "finmart.matching.leads.models",
    "finmart.matching.exposure.models",
    "finmart.matching.recommendations.models",
    "finmart.matching.rulesets.models",
    "finmart.matching.insights.models",
    "finmart.matching.prospecting.models",
)

#: Every module with pages: each exports ``blueprints`` and ``MENU``, and ``FIGURES`` if the front page counts it.
ROUTES = (
    "finmart.platform.web.routes",
    "finmart.platform.announcements.routes",
    "finmart.platform.dictionaries.routes",
    "finmart.platform.notices.routes",
    "finmart.platform.accounts.routes.entry",
    "finmart.platform.desk.routes.entry",
    "finmart.products.routes.entry",
    "finmart.credit.routes.entry",
    "finmart.matching.routes.entry",
)

#: Every module that registers work for the outbox or the clock.
JOBS = (
    "finmart.platform.accounts.jobs",
    "finmart.platform.notices.jobs",
    "finmart.platform.files.jobs",
    "finmart.platform.desk.jobs",
    "finmart.products.jobs",
    "finmart.credit.jobs",
    "finmart.matching.jobs",
)

#: Every module that says which files its rows name, so that a backup holds them.
FILES = ("finmart.platform.files.service", "finmart.credit.service.deliveries")


@dataclass(frozen=True)
class House:
    """What a process works with once it has been prepared."""

    settings: Settings
    database: Database


def import_models() -> tuple[ModuleType, ...]:
    """Import every table, so that ``Base.metadata`` is whole."""
    return tuple(import_module(name) for name in MODELS)


def _compare_keys() -> None:
    """Stop with keys that are not the database's; a database that does not answer is somebody else's to say."""
    with suppress(OperationalError), unit_of_work(readonly=True):
        compare(keyring())


def prepare(settings: Settings | None = None) -> House:
    """Load settings, keys, logs, database and jobs for this process: a server, a command or a test."""
    settings = settings or load_settings()
    logs.configure_logs(settings.log_level)
    use_keyring(load_keyring(settings.keys, settings.data, production=settings.is_production))
    check_keys(keyring(), settings.data)
    database = Database(make_engine(settings.database_url))
    use_database(database)
    import_models()
    for name in (*JOBS, *FILES):
        import_module(name)
    _compare_keys()
    # What is loaded by now stays for good: the collector need not walk through it in every bulk run.
    gc.freeze()
    return House(settings, database)


def _hosts(site_url: str) -> list[str] | None:
    """Whom a request may name as its host: the site itself and this machine; anybody where the site is not known."""
    host = urlsplit(site_url).hostname
    return [host, "localhost", "127.0.0.1", "[::1]"] if host else None


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=keyring().secret("flask-session"),
        SESSION_COOKIE_NAME="finmart",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_production,
        PERMANENT_SESSION_LIFETIME=LIFETIME,  # The cookie lives as long as the session it names may; that one ends it.
        MAX_CONTENT_LENGTH=24 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,  # The token lives as long as the session; an open form must not expire in an hour.
        WTF_CSRF_SSL_STRICT=settings.is_production,
        RATELIMIT_ENABLED=settings.environment != "testing",
        BOOTSTRAP_SERVE_LOCAL=True,
        TESTING=settings.environment == "testing",
        TRUSTED_HOSTS=_hosts(settings.site_url),
        FINMART=settings,
    )
    if settings.proxies:
        # The host is left alone: a proxy passes it on, and visitors could name one in X-Forwarded-Host.
        behind = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0)
        app.wsgi_app = behind  # type: ignore[method-assign]


def create_app(settings: Settings | None = None, house: House | None = None) -> Flask:
    """The Flask application, on a prepared ``house`` or on a new one made of ``settings``."""
    house = house or prepare(settings)
    app = Flask("finmart", root_path=str(ROOT), template_folder="templates", static_folder="static")
    _configure(app, house.settings)
    app.url_map.converters["int"] = RowNumber
    edge.open_units_of_work(app)
    limiter.stop_floods(app)
    csrf.init_app(app)
    # Pages get the actor from the frame; the page of a defect must not load a user from a database in trouble.
    login_manager.init_app(app, add_context_processor=False)
    limiter.init_app(app)
    language.init_app(app)
    rendering.init_app(app)
    for name in ROUTES:
        module = import_module(name)
        for blueprint in module.blueprints:
            app.register_blueprint(blueprint)
        menu.register_menu(app, module.MENU)
        home.register_figures(app, getattr(module, "FIGURES", ()))
    errors.answer_errors(app)
    security.add_headers(app, https=house.settings.is_production)
    storable.refuse_unstorable(app)
    access.guard(app)
    form_keys.init_app(app)
    return app
