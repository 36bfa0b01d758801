"""CDC's files become persons."""
