"""What is studied: each study's tables, estimands, graph and words; fits nothing."""
