"""The words of the bank: Markdown with formulas, one file a language, beside the code that they belong to."""
