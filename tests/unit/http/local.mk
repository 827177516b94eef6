http_tests =
