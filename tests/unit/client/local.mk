client_tests =
