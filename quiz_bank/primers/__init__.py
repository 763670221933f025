"""The primers' texts: a folder a topic, one file a language; the files beside this one hold what all primers say."""
