auth_tests = \
	tests/unit/auth/test_latch \
	tests/unit/auth/test_requests \
	tests/unit/auth/test_token_file

tests_unit_auth_test_latch_SOURCES = %D%/test_latch.c
tests_unit_auth_test_latch_CPPFLAGS = $(unit_cppflags)
tests_unit_auth_test_latch_LDFLAGS = $(unit_ldflags)
tests_unit_auth_test_latch_LDADD = $(unit_ldadd)

tests_unit_auth_test_requests_SOURCES = %D%/test_requests.c
tests_unit_auth_test_requests_CPPFLAGS = $(unit_cppflags)
tests_unit_auth_test_requests_LDFLAGS = $(unit_ldflags)
tests_unit_auth_test_requests_LDADD = $(unit_ldadd)

tests_unit_auth_test_token_file_SOURCES = %D%/test_token_file.c
tests_unit_auth_test_token_file_CPPFLAGS = $(unit_cppflags)
tests_unit_auth_test_token_file_LDFLAGS = $(unit_ldflags)
tests_unit_auth_test_token_file_LDADD = $(unit_ldadd)
