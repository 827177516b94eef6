catalogue_sources =
