callbacks_sources =
