# SPDX-License-Identifier: MIT
# What the plugins that ship are made of; as plugins they are tested in tests/integration/plugins.
plugins_tests = tests/unit/plugins/test_audit_chain tests/unit/plugins/test_audit_gather \
	tests/unit/plugins/test_audit_writers tests/unit/plugins/test_metrics_file \
	tests/unit/plugins/test_metrics_table tests/unit/plugins/test_syslog

tests_unit_plugins_test_audit_chain_SOURCES = %D%/test_audit_chain.c %D%/chains.h $(audit_chain_sources)
tests_unit_plugins_test_audit_chain_CPPFLAGS = $(unit_cppflags) -I$(top_srcdir)
tests_unit_plugins_test_audit_chain_LDFLAGS = $(unit_ldflags)
tests_unit_plugins_test_audit_chain_LDADD = $(unit_ldadd) $(SODIUM_LIBS)

# Plugins as they are loaded.
plugins_loaded_cppflags = $(compiled_call_cppflags) -DPLUGINS='"$(abs_top_builddir)/plugins/.libs"'
tests_unit_plugins_test_audit_gather_SOURCES = %D%/test_audit_gather.c $(compiled_call_sources)
tests_unit_plugins_test_audit_gather_CPPFLAGS = $(plugins_loaded_cppflags)
tests_unit_plugins_test_audit_gather_LDFLAGS = $(unit_ldflags)
tests_unit_plugins_test_audit_gather_LDADD = $(unit_ldadd)
EXTRA_tests_unit_plugins_test_audit_gather_DEPENDENCIES = plugins/audit.la
tests_unit_plugins_test_metrics_file_SOURCES = %D%/test_metrics_file.c $(compiled_call_sources)
tests_unit_plugins_test_metrics_file_CPPFLAGS = $(plugins_loaded_cppflags)
tests_unit_plugins_test_metrics_file_LDFLAGS = $(unit_ldflags)
tests_unit_plugins_test_metrics_file_LDADD = $(unit_ldadd)
EXTRA_tests_unit_plugins_test_metrics_file_DEPENDENCIES = plugins/metrics.la
tests_unit_plugins_test_syslog_SOURCES = %D%/test_syslog.c $(compiled_call_sources)
tests_unit_plugins_test_syslog_CPPFLAGS = $(plugins_loaded_cppflags)
tests_unit_plugins_test_syslog_LDFLAGS = $(unit_ldflags)
tests_unit_plugins_test_syslog_LDADD = $(unit_ldadd)
EXTRA_tests_unit_plugins_test_syslog_DEPENDENCIES = plugins/syslog.la

tests_unit_plugins_test_audit_writers_SOURCES = %D%/test_audit_writers.c %D%/chains.h $(audit_chain_sources)
tests_unit_plugins_test_audit_writers_CPPFLAGS = $(unit_cppflags) -I$(top_srcdir)
tests_unit_plugins_test_audit_writers_LDFLAGS = $(unit_ldflags)
tests_unit_plugins_test_audit_writers_LDADD = $(unit_ldadd) $(SODIUM_LIBS)

tests_unit_plugins_test_metrics_table_SOURCES = %D%/test_metrics_table.c \
	plugins/metrics/table.c plugins/text.c
tests_unit_plugins_test_metrics_table_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit $(CUNIT_CFLAGS) \
	-I$(top_srcdir)
tests_unit_plugins_test_metrics_table_LDFLAGS = $(unit_ldflags)
tests_unit_plugins_test_metrics_table_LDADD = tests/unit/libcheck.la core/libbase.la
