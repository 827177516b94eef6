callbacks_tests = \
	tests/unit/callbacks/test_ensure \
	tests/unit/callbacks/test_operations

tests_unit_callbacks_test_ensure_SOURCES = %D%/test_ensure.c
tests_unit_callbacks_test_ensure_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_ensure_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_ensure_LDADD = $(service_ldadd)

tests_unit_callbacks_test_operations_SOURCES = %D%/test_operations.c
tests_unit_callbacks_test_operations_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_operations_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_operations_LDADD = $(service_ldadd)
