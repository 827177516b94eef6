# SPDX-License-Identifier: MIT
# The plugin host: phases, the view of a call with its journal, instances, the dispatcher, and
# compiled plugins. Knows neither Lua nor the policy.

# Where plugins are looked for when nobody says otherwise: search.c.
plugin_cppflags = -DPLUGIN_PATH='"$(libdir)/thingspace/plugins:$(datadir)/thingspace/plugins"'

plugin_sources = \
	%D%/buckets.c %D%/buckets.h \
	%D%/capability.c %D%/capability.h \
	%D%/chain.c %D%/chain.h \
	%D%/compiled.c %D%/compiled.h %D%/compiled_inside.h \
	%D%/compiled_body.c %D%/compiled_fields.c %D%/compiled_host.c %D%/compiled_vars.c \
	%D%/compiled_open.c %D%/compiled_option.c \
	%D%/dispatch.c %D%/dispatch.h \
	%D%/event.c %D%/event.h \
	%D%/fields.c %D%/fields.h \
	%D%/host_functions.c %D%/host_functions.h \
	%D%/instance.c %D%/instance.h \
	%D%/journal.c %D%/journal.h %D%/journal_inside.h \
	%D%/journal_write.c \
	%D%/keyed.c %D%/keyed.h \
	%D%/manifest.c %D%/manifest.h \
	%D%/manifest_options.c \
	%D%/phase.c %D%/phase.h \
	%D%/row.c %D%/row.h \
	%D%/scalars.c %D%/scalars.h \
	%D%/search.c %D%/search.h \
	%D%/trace.c %D%/trace.h \
	%D%/verdict.c %D%/verdict.h \
	%D%/view.c %D%/view.h \
	%D%/view_request.c \
	%D%/view_response.c
