"""Property tests here read the dictionary and the tables of places once, so the first example is slower."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
