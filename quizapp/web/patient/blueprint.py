"""The patient's blueprint: everything below /p/."""

from flask import Blueprint

bp = Blueprint("patient", __name__, url_prefix="/p")
