# The plugin host: phases, the view of a call with its journal, instances, the dispatcher, and
# compiled plugins. Knows neither Lua nor the policy.

# Where plugins are looked for when nobody says otherwise: search.c.
plugin_cppflags = -DPLUGIN_PATH='"$(libdir)/thingspace/plugins:$(datadir)/thingspace/plugins"'

plugin_sources = \
	%D%/buckets.c %D%/buckets.h \
	%D%/capability.c %D%/capability.h \
	%D%/fields.c %D%/fields.h \
	%D%/keyed.c %D%/keyed.h \
	%D%/manifest.c %D%/manifest.h \
	%D%/manifest_options.c \
	%D%/phase.c %D%/phase.h \
	%D%/row.c %D%/row.h \
	%D%/scalars.c %D%/scalars.h \
	%D%/search.c %D%/search.h \
	%D%/verdict.c %D%/verdict.h
