# Each test has the same three lines: sources, flags, libraries.
base_tests =
