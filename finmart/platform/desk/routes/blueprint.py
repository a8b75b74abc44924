"""The one blueprint of the operator's desk; every page module hangs its routes on it."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__, url_prefix="/operator")
