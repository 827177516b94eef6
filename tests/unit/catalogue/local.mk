# SPDX-License-Identifier: MIT
catalogue_tests = \
	tests/unit/catalogue/test_account \
	tests/unit/catalogue/test_api \
	tests/unit/catalogue/test_api_table \
	tests/unit/catalogue/test_fault \
	tests/unit/catalogue/test_host \
	tests/unit/catalogue/test_listener_check \
	tests/unit/catalogue/test_sensitive \
	tests/unit/catalogue/test_service \
	tests/unit/catalogue/test_source \
	tests/unit/catalogue/test_url_pattern \
	tests/unit/catalogue/test_url_template \
	tests/unit/catalogue/test_weburl

tests_unit_catalogue_test_account_SOURCES = %D%/test_account.c
tests_unit_catalogue_test_account_CPPFLAGS = $(unit_cppflags)
tests_unit_catalogue_test_account_LDFLAGS = $(unit_ldflags)
tests_unit_catalogue_test_account_LDADD = $(unit_ldadd)

tests_unit_catalogue_test_api_SOURCES = %D%/test_api.c
tests_unit_catalogue_test_api_CPPFLAGS = $(unit_cppflags)
tests_unit_catalogue_test_api_LDFLAGS = $(unit_ldflags)
tests_unit_catalogue_test_api_LDADD = $(unit_ldadd)

tests_unit_catalogue_test_api_table_SOURCES = %D%/test_api_table.c
tests_unit_catalogue_test_api_table_CPPFLAGS = $(unit_cppflags)
tests_unit_catalogue_test_api_table_LDFLAGS = $(unit_ldflags)
tests_unit_catalogue_test_api_table_LDADD = $(unit_ldadd)

tests_unit_catalogue_test_fault_SOURCES = %D%/test_fault.c
tests_unit_catalogue_test_fault_CPPFLAGS = $(unit_cppflags)
tests_unit_catalogue_test_fault_LDFLAGS = $(unit_ldflags)
tests_unit_catalogue_test_fault_LDADD = $(unit_ldadd)

tests_unit_catalogue_test_host_SOURCES = %D%/test_host.c
tests_unit_catalogue_test_host_CPPFLAGS = $(unit_cppflags)
tests_unit_catalogue_test_host_LDFLAGS = $(unit_ldflags)
tests_unit_catalogue_test_host_LDADD = $(unit_ldadd)

tests_unit_catalogue_test_listener_check_SOURCES = %D%/test_listener_check.c
tests_unit_catalogue_test_listener_check_CPPFLAGS = $(unit_cppflags)
tests_unit_catalogue_test_listener_check_LDFLAGS = $(unit_ldflags)
tests_unit_catalogue_test_listener_check_LDADD = $(unit_ldadd)

tests_unit_catalogue_test_service_SOURCES = %D%/test_service.c
tests_unit_catalogue_test_service_CPPFLAGS = $(unit_cppflags)
tests_unit_catalogue_test_service_LDFLAGS = $(unit_ldflags)
tests_unit_catalogue_test_service_LDADD = $(unit_ldadd)

tests_unit_catalogue_test_source_SOURCES = %D%/test_source.c
tests_unit_catalogue_test_source_CPPFLAGS = $(unit_cppflags)
tests_unit_catalogue_test_source_LDFLAGS = $(unit_ldflags)
tests_unit_catalogue_test_source_LDADD = $(unit_ldadd)

tests_unit_catalogue_test_weburl_SOURCES = %D%/test_weburl.c
tests_unit_catalogue_test_weburl_CPPFLAGS = $(unit_cppflags)
tests_unit_catalogue_test_weburl_LDFLAGS = $(unit_ldflags)
tests_unit_catalogue_test_weburl_LDADD = $(unit_ldadd)

tests_unit_catalogue_test_url_pattern_SOURCES = %D%/test_url_pattern.c
tests_unit_catalogue_test_url_pattern_CPPFLAGS = $(unit_cppflags)
tests_unit_catalogue_test_url_pattern_LDFLAGS = $(unit_ldflags)
tests_unit_catalogue_test_url_pattern_LDADD = $(unit_ldadd)

tests_unit_catalogue_test_sensitive_SOURCES = %D%/test_sensitive.c
tests_unit_catalogue_test_sensitive_CPPFLAGS = $(unit_cppflags)
tests_unit_catalogue_test_sensitive_LDFLAGS = $(unit_ldflags)
tests_unit_catalogue_test_sensitive_LDADD = $(unit_ldadd)

tests_unit_catalogue_test_url_template_SOURCES = %D%/test_url_template.c
tests_unit_catalogue_test_url_template_CPPFLAGS = $(unit_cppflags)
tests_unit_catalogue_test_url_template_LDFLAGS = $(unit_ldflags)
tests_unit_catalogue_test_url_template_LDADD = $(unit_ldadd)
