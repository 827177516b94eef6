# SPDX-License-Identifier: MIT
# What the plugins that ship are made of; as plugins they are tested in tests/integration/plugins.
plugins_tests = tests/unit/plugins/test_audit_chain tests/unit/plugins/test_metrics_table

tests_unit_plugins_test_audit_chain_SOURCES = %D%/test_audit_chain.c $(audit_chain_sources)
tests_unit_plugins_test_audit_chain_CPPFLAGS = $(unit_cppflags) -I$(top_srcdir)
tests_unit_plugins_test_audit_chain_LDFLAGS = $(unit_ldflags)
tests_unit_plugins_test_audit_chain_LDADD = $(unit_ldadd) $(SODIUM_LIBS)

tests_unit_plugins_test_metrics_table_SOURCES = %D%/test_metrics_table.c \
	plugins/metrics/table.c plugins/text.c
tests_unit_plugins_test_metrics_table_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit $(CUNIT_CFLAGS) \
	-I$(top_srcdir)
tests_unit_plugins_test_metrics_table_LDFLAGS = $(unit_ldflags)
tests_unit_plugins_test_metrics_table_LDADD = tests/unit/libcheck.la core/libbase.la
