# SPDX-License-Identifier: MIT
plugin_tests = \
	tests/unit/plugin/test_instance \
	tests/unit/plugin/test_event \
	tests/unit/plugin/test_dispatch \
	tests/unit/plugin/test_journal \
	tests/unit/plugin/test_view \
	tests/unit/plugin/test_chain \
	tests/unit/plugin/test_buckets \
	tests/unit/plugin/test_capability \
	tests/unit/plugin/test_compiled \
	tests/unit/plugin/test_compiled_hooks \
	tests/unit/plugin/test_fields \
	tests/unit/plugin/test_keyed \
	tests/unit/plugin/test_manifest \
	tests/unit/plugin/test_manifest_options \
	tests/unit/plugin/test_phase \
	tests/unit/plugin/test_row \
	tests/unit/plugin/test_scalars \
	tests/unit/plugin/test_search \
	tests/unit/plugin/test_trace \
	tests/unit/plugin/test_verdict

tests_unit_plugin_test_buckets_SOURCES = %D%/test_buckets.c
tests_unit_plugin_test_buckets_CPPFLAGS = $(unit_cppflags)
tests_unit_plugin_test_buckets_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_buckets_LDADD = $(unit_ldadd)

tests_unit_plugin_test_capability_SOURCES = %D%/test_capability.c
tests_unit_plugin_test_capability_CPPFLAGS = $(unit_cppflags)
tests_unit_plugin_test_capability_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_capability_LDADD = $(unit_ldadd)

tests_unit_plugin_test_fields_SOURCES = %D%/test_fields.c
tests_unit_plugin_test_fields_CPPFLAGS = $(unit_cppflags)
tests_unit_plugin_test_fields_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_fields_LDADD = $(unit_ldadd)

tests_unit_plugin_test_keyed_SOURCES = %D%/test_keyed.c
tests_unit_plugin_test_keyed_CPPFLAGS = $(unit_cppflags)
tests_unit_plugin_test_keyed_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_keyed_LDADD = $(unit_ldadd)

tests_unit_plugin_test_manifest_SOURCES = %D%/test_manifest.c
tests_unit_plugin_test_manifest_CPPFLAGS = $(unit_cppflags)
tests_unit_plugin_test_manifest_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_manifest_LDADD = $(unit_ldadd)

tests_unit_plugin_test_manifest_options_SOURCES = %D%/test_manifest_options.c
tests_unit_plugin_test_manifest_options_CPPFLAGS = $(unit_cppflags)
tests_unit_plugin_test_manifest_options_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_manifest_options_LDADD = $(unit_ldadd)

tests_unit_plugin_test_phase_SOURCES = %D%/test_phase.c
tests_unit_plugin_test_phase_CPPFLAGS = $(unit_cppflags)
tests_unit_plugin_test_phase_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_phase_LDADD = $(unit_ldadd)

tests_unit_plugin_test_row_SOURCES = %D%/test_row.c
tests_unit_plugin_test_row_CPPFLAGS = $(unit_cppflags)
tests_unit_plugin_test_row_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_row_LDADD = $(unit_ldadd)

tests_unit_plugin_test_scalars_SOURCES = %D%/test_scalars.c
tests_unit_plugin_test_scalars_CPPFLAGS = $(unit_cppflags)
tests_unit_plugin_test_scalars_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_scalars_LDADD = $(unit_ldadd)

tests_unit_plugin_test_search_SOURCES = %D%/test_search.c
tests_unit_plugin_test_search_CPPFLAGS = $(unit_cppflags)
tests_unit_plugin_test_search_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_search_LDADD = $(unit_ldadd)

tests_unit_plugin_test_verdict_SOURCES = %D%/test_verdict.c
tests_unit_plugin_test_verdict_CPPFLAGS = $(unit_cppflags)
tests_unit_plugin_test_verdict_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_verdict_LDADD = $(unit_ldadd)

fake_sources = %D%/fake.c %D%/fake.h

tests_unit_plugin_test_chain_SOURCES = %D%/test_chain.c $(fake_sources)
tests_unit_plugin_test_chain_CPPFLAGS = $(unit_cppflags) -I$(top_srcdir)/tests/unit/plugin
tests_unit_plugin_test_chain_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_chain_LDADD = $(unit_ldadd)

tests_unit_plugin_test_trace_SOURCES = %D%/test_trace.c $(fake_sources)
tests_unit_plugin_test_trace_CPPFLAGS = $(unit_cppflags) -I$(top_srcdir)/tests/unit/plugin
tests_unit_plugin_test_trace_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_trace_LDADD = $(unit_ldadd)

tests_unit_plugin_test_view_SOURCES = %D%/test_view.c $(fake_sources)
tests_unit_plugin_test_view_CPPFLAGS = $(unit_cppflags) -I$(top_srcdir)/tests/unit/plugin
tests_unit_plugin_test_view_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_view_LDADD = $(unit_ldadd)

include $(top_srcdir)/tests/unit/plugin/modules/local.mk
compiled_call_sources = %D%/compiled_call.c %D%/compiled_call.h
compiled_call_cppflags = $(unit_cppflags) -I$(top_srcdir)/tests/unit/plugin \
	-DMODULES='"$(abs_top_builddir)/tests/unit/plugin/modules/.libs"'
tests_unit_plugin_test_compiled_SOURCES = %D%/test_compiled.c $(compiled_call_sources)
tests_unit_plugin_test_compiled_CPPFLAGS = $(compiled_call_cppflags)
tests_unit_plugin_test_compiled_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_compiled_LDADD = $(unit_ldadd)
EXTRA_tests_unit_plugin_test_compiled_DEPENDENCIES = $(plugin_modules)
tests_unit_plugin_test_compiled_hooks_SOURCES = %D%/test_compiled_hooks.c $(compiled_call_sources)
tests_unit_plugin_test_compiled_hooks_CPPFLAGS = $(compiled_call_cppflags)
tests_unit_plugin_test_compiled_hooks_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_compiled_hooks_LDADD = $(unit_ldadd)
EXTRA_tests_unit_plugin_test_compiled_hooks_DEPENDENCIES = $(plugin_modules)

tests_unit_plugin_test_journal_SOURCES = %D%/test_journal.c $(fake_sources)
tests_unit_plugin_test_journal_CPPFLAGS = $(unit_cppflags) -I$(top_srcdir)/tests/unit/plugin
tests_unit_plugin_test_journal_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_journal_LDADD = $(unit_ldadd)

tests_unit_plugin_test_dispatch_SOURCES = %D%/test_dispatch.c $(fake_sources)
tests_unit_plugin_test_dispatch_CPPFLAGS = $(unit_cppflags) -I$(top_srcdir)/tests/unit/plugin
tests_unit_plugin_test_dispatch_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_dispatch_LDADD = $(unit_ldadd)

tests_unit_plugin_test_event_SOURCES = %D%/test_event.c $(fake_sources)
tests_unit_plugin_test_event_CPPFLAGS = $(unit_cppflags) -I$(top_srcdir)/tests/unit/plugin
tests_unit_plugin_test_event_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_event_LDADD = $(unit_ldadd)

tests_unit_plugin_test_instance_SOURCES = %D%/test_instance.c $(fake_sources)
tests_unit_plugin_test_instance_CPPFLAGS = $(unit_cppflags) -I$(top_srcdir)/tests/unit/plugin
tests_unit_plugin_test_instance_LDFLAGS = $(unit_ldflags)
tests_unit_plugin_test_instance_LDADD = $(unit_ldadd)
