"""A package by name, for a development tool installs one of the same name, which would else hide this folder."""
