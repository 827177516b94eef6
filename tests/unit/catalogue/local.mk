catalogue_tests =
