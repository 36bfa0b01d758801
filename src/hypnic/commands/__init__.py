"""The subcommands of `hypnic`, one a module, each thin over the Python API."""
