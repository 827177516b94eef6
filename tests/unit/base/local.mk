# Each test has the same three lines: sources, flags, libraries.
base_tests = \
	tests/unit/base/test_secret

tests_unit_base_test_secret_SOURCES = %D%/test_secret.c
tests_unit_base_test_secret_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_secret_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_secret_LDADD = $(unit_ldadd)
