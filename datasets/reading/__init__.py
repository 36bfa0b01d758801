"""Any file becomes a table of text; no cell is judged here."""
