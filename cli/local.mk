# SPDX-License-Identifier: MIT
# The command, and the helper that writes its man page and completions from the
# same tables. libthingspace comes before libbase, so that what the library exports
# (the arena of secrets above all) is taken from it and is there only once.

cli_sources = \
	%D%/account_list.c %D%/account_list.h \
	%D%/bar.c %D%/bar.h \
	%D%/child.c %D%/child.h \
	%D%/command.h %D%/commands.c \
	%D%/commands/apply.c %D%/commands/apply.h \
	%D%/commands/apply_question.c %D%/commands/apply_run.c \
	%D%/commands/audit.c \
	%D%/commands/auth.c \
	%D%/commands/call.c \
	%D%/commands/commands.h \
	%D%/commands/deregister.c \
	%D%/commands/import.c \
	%D%/commands/list.c \
	%D%/commands/plan.c %D%/plan/plan.h \
	%D%/plan/plan_describe.c %D%/plan/plan_groups.c %D%/plan/plan_phrase.c \
	%D%/plan/plan_session.c %D%/plan/plan_text.c \
	%D%/commands/plugin.c %D%/commands/plugin.h \
	%D%/commands/plugin_check.c \
	%D%/commands/plugin_explain.c \
	%D%/commands/plugin_list.c \
	%D%/commands/plugin_new.c \
	%D%/commands/plugin_test.c \
	%D%/commands/policy.c \
	%D%/commands/policy.h %D%/commands/policy_check.c %D%/commands/policy_diff.c \
	%D%/commands/policy_errors.c %D%/commands/policy_errors.h \
	%D%/commands/register.c \
	%D%/commands/services.c \
	%D%/data.c %D%/data.h \
	%D%/failures.c %D%/failures.h \
	%D%/figure.c %D%/figure.h \
	%D%/global_options.c \
	%D%/help.c %D%/help.h \
	%D%/hygiene.c %D%/hygiene.h \
	%D%/key_file.c %D%/key_file.h \
	%D%/moment.c %D%/moment.h \
	%D%/new_file.c %D%/new_file.h \
	%D%/options.c %D%/options.h \
	%D%/output.c %D%/output.h \
	%D%/preview.c %D%/preview.h \
	%D%/progress.c %D%/progress.h \
	%D%/progress_line.c %D%/progress_line.h \
	%D%/prompt.c %D%/prompt.h \
	%D%/redact.c %D%/redact.h \
	%D%/report/escape.c %D%/report/escape.h \
	%D%/report/html.c %D%/report/html_data.c \
	%D%/report/html_differences.c %D%/report/html_matrix.c \
	%D%/report/markdown.c \
	%D%/report/matrix.c %D%/report/matrix.h \
	%D%/report/report.h %D%/report/save.c \
	%D%/rows.c %D%/rows.h \
	%D%/session.c %D%/session.h \
	%D%/signals.c %D%/signals.h \
	%D%/synopsis.c %D%/synopsis.h \
	%D%/templates.h \
	%D%/temporary.c %D%/temporary.h
cli_simulate_sources = %D%/commands/simulate.c
EXTRA_DIST += $(cli_simulate_sources)
if SIMULATOR
cli_sources += $(cli_simulate_sources)
endif

# What `plugin new` writes: the files of templates/ as texts of C.
cli_templates = %D%/templates/plugin.c.in %D%/templates/plugin.lua.in \
	%D%/templates/plugin_test.lua.in
EXTRA_DIST += $(cli_templates)
CLEANFILES += %D%/templates.c %D%/templates.c.part
%D%/templates.c: $(cli_templates)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && { \
	echo '/* SPDX-License-Identifier: MIT */'; \
	echo '/* Written by the build from the files of cli/templates. */'; \
	echo '#include <config.h>'; \
	echo '#include "cli/templates.h"'; \
	for name in plugin.c plugin.lua plugin_test.lua; do \
		echo "const char template_`echo $$name | tr . _`[] ="; \
		$(SED) -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/    "/' -e 's/$$/\\n"/' \
			$(srcdir)/cli/templates/$$name.in; \
		echo '    ;'; \
	done; } > $@.part && mv $@.part $@

# The look and the script of the page of a plan, byte by byte: as texts they would be too long.
cli_page = %D%/report/page.css %D%/report/page.js
EXTRA_DIST += $(cli_page)
CLEANFILES += %D%/report/page.c %D%/report/page.c.part
%D%/report/page.c: $(cli_page)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && { \
	echo '/* SPDX-License-Identifier: MIT */'; \
	echo '/* Written by the build from page.css and page.js. */'; \
	echo '#include <config.h>'; \
	echo '#include "cli/report/report.h"'; \
	for name in css js; do \
		echo "const char report_$$name[] = {"; \
		od -An -v -tx1 $(srcdir)/cli/report/page.$$name | \
			$(SED) -e 's/[0-9a-f][0-9a-f]/0x&,/g'; \
		echo '    0};'; \
	done; } > $@.part && mv $@.part $@

noinst_LTLIBRARIES += %D%/libcli.la
%C%_libcli_la_SOURCES = $(cli_sources) $(audit_chain_sources) core/lua/policy/csv.c
nodist_%C%_libcli_la_SOURCES = %D%/report/page.c %D%/templates.c
%C%_libcli_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) $(CURL_CFLAGS) $(SODIUM_CFLAGS)

cli_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir) -DPKGLIBEXECDIR='"$(pkglibexecdir)"'
cli_ldadd = %D%/libcli.la core/libthingspace.la core/libbase.la $(CURL_LIBS)

bin_PROGRAMS += %D%/thingspace
%C%_thingspace_SOURCES = %D%/main.c %D%/simulate.h %D%/simulate_exec.c
%C%_thingspace_CPPFLAGS = $(cli_cppflags)
%C%_thingspace_LDADD = $(cli_ldadd)

# `thingspace simulate` becomes this program: the same command with a web server in it.
if SIMULATOR
pkglibexec_PROGRAMS += %D%/thingspace-simulate
%C%_thingspace_simulate_SOURCES = %D%/main.c %D%/simulate.h %D%/simulate_serve.c
%C%_thingspace_simulate_CPPFLAGS = $(cli_cppflags) -I$(top_srcdir)/simulator/include
%C%_thingspace_simulate_LDADD = %D%/libcli.la core/libthingspace.la \
	simulator/libthingspace-simulator.la core/libbase.la $(CURL_LIBS)
endif

noinst_PROGRAMS += %D%/generate
%C%_generate_SOURCES = %D%/generate.c %D%/simulate_exec.c \
	%D%/formats/bash.c %D%/formats/choices.c %D%/formats/fish.c %D%/formats/formats.h %D%/formats/man.c \
	%D%/formats/man_command.c %D%/formats/man_text.c %D%/formats/man_text.h \
	%D%/formats/zsh.c
%C%_generate_CPPFLAGS = $(cli_cppflags)
%C%_generate_LDADD = $(cli_ldadd)

# What users install for their shell; the page is docs/man/thingspace.1.
cli_generated = %D%/completions/thingspace %D%/completions/_thingspace %D%/completions/thingspace.fish
if BASH_COMPLETION
bashcomp_DATA = %D%/completions/thingspace
endif
if ZSH_COMPLETION
zshcomp_DATA = %D%/completions/_thingspace
endif
if FISH_COMPLETION
fishcomp_DATA = %D%/completions/thingspace.fish
endif
shipped += $(cli_generated)
CLEANFILES += %D%/completions/*.part
cli_generate = $(AM_V_GEN)$(MKDIR_P) $(@D) && $(run_built) ./%D%/generate

%D%/completions/thingspace: %D%/generate$(EXEEXT)
	$(cli_generate) bash > $@.part && mv $@.part $@
%D%/completions/_thingspace: %D%/generate$(EXEEXT)
	$(cli_generate) zsh > $@.part && mv $@.part $@
%D%/completions/thingspace.fish: %D%/generate$(EXEEXT)
	$(cli_generate) fish > $@.part && mv $@.part $@
