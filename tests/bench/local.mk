# `make bench`: the figures that are promised, each beside its baseline; see bench.sh.

EXTRA_DIST += %D%/bench.sh
EXTRA_PROGRAMS = %D%/process %D%/register %D%/hook %D%/pipeline
CLEANFILES += %D%/bench.json %D%/process$(EXEEXT) %D%/register$(EXEEXT) %D%/hook$(EXEEXT) \
	%D%/pipeline$(EXEEXT)

%C%_process_SOURCES = %D%/process.c %D%/median.h

%C%_register_SOURCES = %D%/register.c %D%/peer.c %D%/peer.h %D%/median.h
%C%_register_CPPFLAGS = -I$(top_srcdir)/core/include $(CURL_CFLAGS)
%C%_register_LDADD = core/libthingspace.la $(CURL_LIBS)

%C%_pipeline_SOURCES = %D%/pipeline.c %D%/peer.c %D%/peer.h %D%/median.h
%C%_pipeline_CPPFLAGS = -I$(top_srcdir)/core/include $(CURL_CFLAGS) $(CJSON_CFLAGS)
%C%_pipeline_LDADD = core/libthingspace.la $(CURL_LIBS) $(CJSON_LIBS)

# Measures hidden functions: it links what the unit tests link.
%C%_hook_SOURCES = %D%/hook.c %D%/peer.c %D%/peer.h %D%/median.h
%C%_hook_CPPFLAGS = $(AM_CPPFLAGS) $(LUA_CFLAGS)
%C%_hook_LDADD = core/libcore.la

.PHONY: bench
bench: all %D%/process$(EXEEXT) %D%/register$(EXEEXT) %D%/hook$(EXEEXT) %D%/pipeline$(EXEEXT) \
	tests/unit/lua/test_deadline$(EXEEXT) tests/unit/lua/test_plugin_attacks$(EXEEXT)
	@top_srcdir='$(abs_top_srcdir)' $(srcdir)/%D%/bench.sh
