lua_sources =
