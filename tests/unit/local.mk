# SPDX-License-Identifier: MIT
# CUnit tests, one binary per subject; they mirror the folders of core/.
# `make check TESTS=tests/unit/base/test_text` runs one.

TEST_EXTENSIONS = .sh .py
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
PY_LOG_DRIVER = $(LOG_DRIVER)

if TESTS_ENABLED
check_LTLIBRARIES += %D%/libcheck.la
%C%_libcheck_la_SOURCES = %D%/check.c %D%/check.h %D%/check_locale.c \
	%D%/allocations.c %D%/allocations.h
%C%_libcheck_la_CPPFLAGS = $(AM_CPPFLAGS) $(CUNIT_CFLAGS) $(CJSON_CFLAGS) \
	-DCHECK_LOCALES='"$(abs_builddir)/tests/unit/locales"'
%C%_libcheck_la_LIBADD = $(CUNIT_LIBS) $(CJSON_LIBS)

# The fixture of tests that need a ThingSpace: see service.h.
check_LTLIBRARIES += %D%/libservice.la
%C%_libservice_la_SOURCES = %D%/service.c %D%/service.h
%C%_libservice_la_CPPFLAGS = $(unit_cppflags)
%C%_libservice_la_LIBADD = simulator/libthingspace-simulator.la
service_ldadd = tests/unit/libservice.la $(unit_ldadd) simulator/libthingspace-simulator.la $(CURL_LIBS)

unit_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit -I$(top_srcdir)/simulator/include \
	$(CUNIT_CFLAGS) $(CURL_CFLAGS) $(LUA_CFLAGS) $(SODIUM_CFLAGS)
unit_ldflags = $(AM_LDFLAGS) -Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc
unit_ldadd = tests/unit/libcheck.la core/libcore.la

include $(top_srcdir)/tests/unit/base/local.mk
include $(top_srcdir)/tests/unit/catalogue/local.mk
include $(top_srcdir)/tests/unit/http/local.mk
include $(top_srcdir)/tests/unit/auth/local.mk
include $(top_srcdir)/tests/unit/plugin/local.mk
include $(top_srcdir)/tests/unit/policy/local.mk
include $(top_srcdir)/tests/unit/lua/local.mk
include $(top_srcdir)/tests/unit/client/local.mk
include $(top_srcdir)/tests/unit/callbacks/local.mk
include $(top_srcdir)/tests/unit/plugins/local.mk
include $(top_srcdir)/tests/unit/simulator/local.mk
include $(top_srcdir)/tests/unit/cli/local.mk
TESTS += $(other_unit_tests)
check_PROGRAMS += $(unit_tests)
unit_tests = $(waiting_tests) $(other_unit_tests)
other_unit_tests = $(callbacks_tests) $(client_tests) $(base_tests) $(catalogue_tests) $(http_tests) \
	$(auth_tests) $(plugin_tests) $(policy_tests) $(lua_tests) $(plugins_tests) \
	$(simulator_tests) $(cli_unit_tests)
endif

# What check_decimal_comma has made.
clean-local: clean-locales
clean-locales:
	-rm -rf tests/unit/locales tests/unit/locales.??????
