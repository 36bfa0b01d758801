"""A checked folder becomes a submission, is reviewed, and can be withdrawn from."""
