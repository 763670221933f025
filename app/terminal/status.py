"""Where a drill stands, as the line at the bottom of the terminal says it."""

from __future__ import annotations

from app.terminal.clock import Clock, minutes
from app.terminal.documents import Drill
from app.terminal.texts import Language, say


class Status:
    """The drill as the server told it last, with its clock running on."""

    def __init__(self, drill: Drill, clock: Clock, language: Language) -> None:
        self.clock = clock
        self.language = language
        self.drill = drill
        self.position = drill.shown
        self.take(drill)

    def take(self, drill: Drill) -> None:
        """Take over what the server says now."""
        self.drill = drill
        self.clock.set(drill.remaining_seconds, stands=drill.state != "running")

    def toolbar(self) -> str:
        """Return the line: the place, the time that is left, and where help is; nothing of these once it has ended."""
        if self.drill.state == "finished":
            return f" {say('report', self.language)}"
        place = f"{self.position}/{self.drill.total}"
        return " " + " · ".join(filter(None, (place, self._time(), say("keys", self.language))))

    def _time(self) -> str:
        left = self.clock.left
        if self.drill.state == "paused":
            return say("paused", self.language)
        if left is None:
            return ""
        return say("left", self.language, time=minutes(left)) if left else say("over", self.language)
