client_sources =
