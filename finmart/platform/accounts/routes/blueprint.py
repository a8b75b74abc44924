"""The one blueprint of accounts' pages; every page module hangs its routes on it."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
