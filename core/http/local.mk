http_sources =
