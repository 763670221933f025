"""Problems to take along: frozen variants with their solutions, as files that other programs read."""
