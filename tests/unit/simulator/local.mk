simulator_tests =
