"""Pictures of numbers: inline SVG made on the server, each with words that say the same."""

from app.web.pictures.canvas import Picture

__all__ = ["Picture"]
