policy_tests =
