auth_tests =
