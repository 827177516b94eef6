lua_tests =
