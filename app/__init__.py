"""The Crossdrill service: a REST edge, services and storage around `quiz_bank`."""
