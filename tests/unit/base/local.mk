# Each test has the same three lines: sources, flags, libraries.
base_tests = \
	tests/unit/base/test_secret \
	tests/unit/base/test_secret_command \
	tests/unit/base/test_secret_source \
	tests/unit/base/test_state \
	tests/unit/base/test_state_open

tests_unit_base_test_secret_SOURCES = %D%/test_secret.c
tests_unit_base_test_secret_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_secret_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_secret_LDADD = $(unit_ldadd)

tests_unit_base_test_secret_source_SOURCES = %D%/test_secret_source.c
tests_unit_base_test_secret_source_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_secret_source_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_secret_source_LDADD = $(unit_ldadd)

tests_unit_base_test_state_SOURCES = %D%/test_state.c
tests_unit_base_test_state_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_state_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_state_LDADD = $(unit_ldadd)

tests_unit_base_test_secret_command_SOURCES = %D%/test_secret_command.c
tests_unit_base_test_secret_command_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_secret_command_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_secret_command_LDADD = $(unit_ldadd)

tests_unit_base_test_state_open_SOURCES = %D%/test_state_open.c
tests_unit_base_test_state_open_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_state_open_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_state_open_LDADD = $(unit_ldadd)
