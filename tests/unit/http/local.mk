http_tests = \
	tests/unit/http/test_headers \
	tests/unit/http/test_retry \
	tests/unit/http/test_url

tests_unit_http_test_headers_SOURCES = %D%/test_headers.c
tests_unit_http_test_headers_CPPFLAGS = $(unit_cppflags)
tests_unit_http_test_headers_LDFLAGS = $(unit_ldflags)
tests_unit_http_test_headers_LDADD = $(unit_ldadd)

tests_unit_http_test_retry_SOURCES = %D%/test_retry.c
tests_unit_http_test_retry_CPPFLAGS = $(unit_cppflags)
tests_unit_http_test_retry_LDFLAGS = $(unit_ldflags)
tests_unit_http_test_retry_LDADD = $(unit_ldadd)

tests_unit_http_test_url_SOURCES = %D%/test_url.c
tests_unit_http_test_url_CPPFLAGS = $(unit_cppflags)
tests_unit_http_test_url_LDFLAGS = $(unit_ldflags)
tests_unit_http_test_url_LDADD = $(unit_ldadd)
