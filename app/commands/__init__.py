"""The commands, one module each; `app.cli` mounts the `app` of every module."""
