"""The schemas told to others: dictionary, template, REDCap, XLSForm; adds no fact of its own."""
