"""The blueprint of credit's pages."""

from flask import Blueprint

blueprint = Blueprint("credit", __name__)
