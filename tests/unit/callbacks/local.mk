callbacks_tests =
