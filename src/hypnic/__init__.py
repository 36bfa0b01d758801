"""The open dataset of sleep starts (hypnic jerks), and the statistics that go with it."""
