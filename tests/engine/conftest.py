"""Laws are tested without a clock: on a busy machine a slow example is no failure."""

from hypothesis import settings

settings.register_profile("without-deadline", deadline=None)
settings.load_profile("without-deadline")
