# SPDX-License-Identifier: MIT
# Fuzz targets: `configure --enable-fuzzers CC=clang`, then `make fuzz` runs each
# for FUZZ_SECONDS. They compile what they test themselves, because the library as
# it is built has no coverage counters. What they find goes to the build folder.

FUZZ_SECONDS = 60
EXTRA_DIST += %D%/corpus
.PHONY: fuzz clean-fuzz

if FUZZERS
fuzz_cflags = $(AM_CFLAGS) -g -O1 -fno-omit-frame-pointer -fno-sanitize-recover=all \
	-fsanitize=fuzzer-no-link,address,undefined
fuzz_cppflags = $(AM_CPPFLAGS) $(CJSON_CFLAGS) $(SODIUM_CFLAGS) $(CURL_CFLAGS) $(LUA_CFLAGS) \
	$(plugin_cppflags)
fuzz_ldflags = $(AM_LDFLAGS) -fsanitize=fuzzer,address,undefined
fuzz_ldadd = %D%/libfuzzed.la
fuzz_programs = %D%/fuzz_audit %D%/fuzz_csv %D%/fuzz_fault %D%/fuzz_json %D%/fuzz_json_lua %D%/fuzz_manifest \
	%D%/fuzz_pattern %D%/fuzz_retry_after %D%/fuzz_script %D%/fuzz_source %D%/fuzz_url

noinst_PROGRAMS += $(fuzz_programs)
noinst_LTLIBRARIES += %D%/libfuzzed.la
%C%_libfuzzed_la_SOURCES = %D%/fuzz.h $(base_sources) $(catalogue_sources) \
	$(http_sources) $(auth_sources) $(plugin_sources) $(policy_sources) $(lua_sources)
%C%_libfuzzed_la_CFLAGS = $(fuzz_cflags)
%C%_libfuzzed_la_CPPFLAGS = $(fuzz_cppflags)
%C%_libfuzzed_la_LIBADD = $(CJSON_LIBS) $(SODIUM_LIBS) $(CURL_LIBS) $(LUA_LIBS) -lpthread -lm

%C%_fuzz_audit_SOURCES = %D%/fuzz_audit.c $(audit_chain_sources)
%C%_fuzz_audit_CFLAGS = $(fuzz_cflags)
%C%_fuzz_audit_CPPFLAGS = $(fuzz_cppflags) -I$(top_srcdir)
%C%_fuzz_audit_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_audit_LDADD = $(SODIUM_LIBS)

%C%_fuzz_csv_SOURCES = %D%/fuzz_csv.c
%C%_fuzz_csv_CFLAGS = $(fuzz_cflags)
%C%_fuzz_csv_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_csv_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_csv_LDADD = $(fuzz_ldadd)

%C%_fuzz_fault_SOURCES = %D%/fuzz_fault.c
%C%_fuzz_fault_CFLAGS = $(fuzz_cflags)
%C%_fuzz_fault_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_fault_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_fault_LDADD = $(fuzz_ldadd)

%C%_fuzz_json_SOURCES = %D%/fuzz_json.c
%C%_fuzz_json_CFLAGS = $(fuzz_cflags)
%C%_fuzz_json_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_json_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_json_LDADD = $(fuzz_ldadd)

%C%_fuzz_json_lua_SOURCES = %D%/fuzz_json_lua.c
%C%_fuzz_json_lua_CFLAGS = $(fuzz_cflags)
%C%_fuzz_json_lua_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_json_lua_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_json_lua_LDADD = $(fuzz_ldadd)

%C%_fuzz_manifest_SOURCES = %D%/fuzz_manifest.c
%C%_fuzz_manifest_CFLAGS = $(fuzz_cflags)
%C%_fuzz_manifest_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_manifest_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_manifest_LDADD = $(fuzz_ldadd)

%C%_fuzz_pattern_SOURCES = %D%/fuzz_pattern.c
%C%_fuzz_pattern_CFLAGS = $(fuzz_cflags)
%C%_fuzz_pattern_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_pattern_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_pattern_LDADD = $(fuzz_ldadd)

%C%_fuzz_retry_after_SOURCES = %D%/fuzz_retry_after.c
%C%_fuzz_retry_after_CFLAGS = $(fuzz_cflags)
%C%_fuzz_retry_after_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_retry_after_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_retry_after_LDADD = $(fuzz_ldadd)

%C%_fuzz_script_SOURCES = %D%/fuzz_script.c
%C%_fuzz_script_CFLAGS = $(fuzz_cflags)
%C%_fuzz_script_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_script_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_script_LDADD = $(fuzz_ldadd)

%C%_fuzz_source_SOURCES = %D%/fuzz_source.c
%C%_fuzz_source_CFLAGS = $(fuzz_cflags)
%C%_fuzz_source_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_source_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_source_LDADD = $(fuzz_ldadd)

%C%_fuzz_url_SOURCES = %D%/fuzz_url.c
%C%_fuzz_url_CFLAGS = $(fuzz_cflags)
%C%_fuzz_url_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_url_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_url_LDADD = $(fuzz_ldadd)

# A policy may take five seconds to load.
fuzz: $(fuzz_programs)
	@for program in $(fuzz_programs); do \
	  name=$${program##*/fuzz_}; \
	  echo "== $$name"; \
	  case $$name in script) timeout=30 ;; *) timeout=5 ;; esac; \
	  $(MKDIR_P) tests/fuzz/found/$$name || exit 1; \
	  ./$$program -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -timeout=$$timeout -verbosity=0 \
	    -print_final_stats=1 -artifact_prefix=tests/fuzz/found/$$name- \
	    tests/fuzz/found/$$name $(srcdir)/tests/fuzz/corpus/$$name || exit 1; \
	done
else
fuzz:
	@echo "configure with --enable-fuzzers CC=clang first" >&2; false
endif

clean-local: clean-fuzz
clean-fuzz:
	-rm -rf tests/fuzz/found
