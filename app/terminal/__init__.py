"""The drill in a terminal: it knows a server's REST interface and nothing else of Crossdrill."""
