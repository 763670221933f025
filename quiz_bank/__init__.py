"""Problems on cross-entropy, a correctly rounded answer key, a grader and a diagnosis: a library without I/O."""
