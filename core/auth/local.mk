auth_sources =
