# SPDX-License-Identifier: MIT
# Plugins that ship. The compiled ones are modules that need the header thingspace/plugin.h and
# nothing else of the library; they are found by name, see thingspace-plugins(7).

pluginsdir = $(libdir)/thingspace/plugins
if COMPILED_PLUGINS
plugins_LTLIBRARIES = %D%/audit.la %D%/metrics.la %D%/syslog.la
endif
compiled_plugin_cppflags = -I$(top_srcdir)/core/include
compiled_plugin_ldflags = $(AM_LDFLAGS) -module -avoid-version -shared \
	-export-symbols-regex '^thingspace_plugin_entry$$'

# The chain is read by `thingspace audit verify`, too.
audit_chain_sources = plugins/audit/chain.c plugins/audit/chain.h plugins/audit/chain_inside.h \
	plugins/audit/compose.c plugins/audit/line.c plugins/audit/verify.c

%C%_audit_la_SOURCES = %D%/audit/audit.c $(audit_chain_sources) %D%/text.c %D%/text.h
%C%_audit_la_CPPFLAGS = $(compiled_plugin_cppflags) $(SODIUM_CFLAGS)
%C%_audit_la_LDFLAGS = $(compiled_plugin_ldflags)
%C%_audit_la_LIBADD = $(SODIUM_LIBS)

%C%_metrics_la_SOURCES = %D%/metrics/metrics.c %D%/metrics/table.c %D%/metrics/table.h %D%/text.c %D%/text.h
%C%_metrics_la_CPPFLAGS = $(compiled_plugin_cppflags)
%C%_metrics_la_LDFLAGS = $(compiled_plugin_ldflags)
%C%_metrics_la_LIBADD = -lpthread

%C%_syslog_la_SOURCES = %D%/syslog/syslog.c %D%/text.c %D%/text.h
%C%_syslog_la_CPPFLAGS = $(compiled_plugin_cppflags)
%C%_syslog_la_LDFLAGS = $(compiled_plugin_ldflags)

# The ones in Lua, and their tests, which `make check` runs and nobody installs.
luapluginsdir = $(datadir)/thingspace/plugins
dist_luaplugins_DATA = %D%/guard/guard.lua %D%/headers/headers.lua %D%/rate-limit/rate-limit.lua \
	%D%/rewrite/rewrite.lua
EXTRA_DIST += %D%/guard/guard_test.lua %D%/headers/headers_test.lua \
	%D%/rate-limit/rate-limit_test.lua %D%/rewrite/rewrite_test.lua
