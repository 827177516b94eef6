# SPDX-License-Identifier: MIT
# The examples are built with the public headers and the shared library alone, as a
# reader would, and run by tests/integration/examples.sh.
check_PROGRAMS += %D%/examples/epoll %D%/examples/register %D%/examples/secrets
%C%_examples_epoll_SOURCES = %D%/examples/epoll.c
%C%_examples_epoll_CPPFLAGS = -I$(top_srcdir)/core/include
%C%_examples_epoll_LDADD = core/libthingspace.la
%C%_examples_register_SOURCES = %D%/examples/register.c
%C%_examples_register_CPPFLAGS = -I$(top_srcdir)/core/include
%C%_examples_register_LDADD = core/libthingspace.la
%C%_examples_secrets_SOURCES = %D%/examples/secrets.c
%C%_examples_secrets_CPPFLAGS = -I$(top_srcdir)/core/include
%C%_examples_secrets_LDADD = core/libthingspace.la
# A compiled plugin needs the header alone.
if SHARED
check_LTLIBRARIES += %D%/examples/plugin.la
endif
%C%_examples_plugin_la_SOURCES = %D%/examples/plugin.c
%C%_examples_plugin_la_CPPFLAGS = -I$(top_srcdir)/core/include
%C%_examples_plugin_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -rpath $(abs_builddir)/%D%
# Beside the policies of scripts/local.mk; what they are about is installed, too.
programsdir = $(docdir)/examples
dist_programs_DATA = %D%/examples/epoll.c %D%/examples/plugin.c %D%/examples/register.c %D%/examples/secrets.c
dist_doc_DATA = %D%/c.md %D%/lua.md %D%/operations.md %D%/plugins.md %D%/python.md
EXTRA_DIST += %D%/abi.md %D%/architecture.md %D%/building.md %D%/packaging.md %D%/performance.md %D%/plugin-host.md %D%/threats.md

# Pages of file formats are written by hand; the build puts the version and folders in.
format_pages = %D%/man/thingspace-audit.5 %D%/man/thingspace-credentials.5 %D%/man/thingspace-plan.5 \
	%D%/man/thingspace-policy.5 %D%/man/thingspace-state.5
format_sources = %D%/man/thingspace-audit.5.in %D%/man/thingspace-credentials.5.in %D%/man/thingspace-plan.5.in \
	%D%/man/thingspace-policy.5.in %D%/man/thingspace-state.5.in
man5_MANS = $(format_pages)
EXTRA_DIST += $(format_sources)
CLEANFILES += $(format_pages)
$(format_pages): $(format_sources)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(SED) -e 's|[@]PACKAGE_VERSION[@]|$(PACKAGE_VERSION)|g' -e 's|[@]EXAMPLES[@]|$(examplesdir)|g' \
		$(srcdir)/docs/man/$(@F).in > $@

# Pages of commands are written from the commands' own tables.
command_pages = %D%/man/thingspace-apply.1 %D%/man/thingspace-audit.1 %D%/man/thingspace-auth.1 \
	%D%/man/thingspace-call.1 %D%/man/thingspace-deregister.1 %D%/man/thingspace-import.1 \
	%D%/man/thingspace-list.1 %D%/man/thingspace-plan.1 %D%/man/thingspace-plugin.1 \
	%D%/man/thingspace-policy.1 %D%/man/thingspace-register.1 %D%/man/thingspace-services.1
if SIMULATOR
command_pages += %D%/man/thingspace-simulate.1
endif
man1_MANS = %D%/man/thingspace.1 $(command_pages)
shipped += $(man1_MANS)
CLEANFILES += %D%/man/*.part
%D%/man/thingspace.1: cli/generate$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(run_built) ./cli/generate man > $@.part && mv $@.part $@
$(command_pages): cli/generate$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && command=`basename $@ .1` && \
	$(run_built) ./cli/generate man $${command#thingspace-} > $@.part && mv $@.part $@

# Pages of functions are made of the public headers, whose comments they show. Those of a tarball are
# made anew in the build's own folder, where all others are.
library_pages = %D%/man/thingspace.3 %D%/man/thingspace_auth.3 %D%/man/thingspace_callbacks.3 \
	%D%/man/thingspace_client.3 %D%/man/thingspace_error.3 %D%/man/thingspace_log.3 \
	%D%/man/thingspace_plan.3 %D%/man/thingspace_plugin.3 %D%/man/thingspace_plugins.3 \
	%D%/man/thingspace_policy.3 %D%/man/thingspace_secret.3 %D%/man/thingspace_services.3
simulator_pages = %D%/man/thingspace_simulator.3
man3_MANS = $(library_pages)
if SIMULATOR
man3_MANS += $(simulator_pages)
endif
function_sources = %D%/man/thingspace.3.in %D%/man/thingspace_auth.3.in %D%/man/thingspace_callbacks.3.in \
	%D%/man/thingspace_client.3.in %D%/man/thingspace_error.3.in %D%/man/thingspace_log.3.in \
	%D%/man/thingspace_plan.3.in %D%/man/thingspace_plugin.3.in %D%/man/thingspace_plugins.3.in \
	%D%/man/thingspace_policy.3.in %D%/man/thingspace_secret.3.in %D%/man/thingspace_services.3.in \
	%D%/man/thingspace_simulator.3.in
page_examples = %D%/examples/pages/auth.c %D%/examples/pages/callbacks.c %D%/examples/pages/error.c \
	%D%/examples/pages/log.c %D%/examples/pages/plan.c %D%/examples/pages/plugins.c \
	%D%/examples/pages/policy.c %D%/examples/pages/secret.c %D%/examples/pages/services.c \
	%D%/examples/pages/simulator.c
page_headers = $(public_headers) simulator/include/thingspace/simulator.h
shipped += $(library_pages) $(simulator_pages)
EXTRA_DIST += $(function_sources) $(page_examples) %D%/generate/functions.awk
$(library_pages) $(simulator_pages): Makefile $(function_sources) $(page_examples) $(page_headers) %D%/generate/functions.awk
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	(cd $(srcdir) && $(AWK) -v folder=docs/examples -f docs/generate/functions.awk $(page_headers) \
		docs/man/$(@F).in) > $@.part && mv $@.part $@

# `man thingspace_register` shows the page that has it: one line for each name that a page's NAME has.
install-data-hook: install-function-names
install-function-names: install-man3
	@dir='$(DESTDIR)$(man3dir)'; for page in $(man3_MANS); do \
		file=`basename $$page`; test -f "$$dir/$$file" || continue; \
		for name in `$(SED) -n '/^\.Sh SYNOPSIS/q; s/^\.Nm \([a-z_]*\).*/\1/p' "$$dir/$$file"`; do \
			test "$$name.3" = "$$file" || { \
				echo ".so man3/$$file" > "$$dir/$$name.3" && chmod 644 "$$dir/$$name.3"; } || exit 1; \
		done; \
	done
uninstall-local: uninstall-function-names
uninstall-function-names:
	@dir='$(DESTDIR)$(man3dir)'; for alias in "$$dir"/thingspace_*.3; do \
		grep -q '^\.so man3/thingspace' "$$alias" 2>/dev/null && rm -f "$$alias"; \
	done; :

# What plugin writers get from the tables of the library: annotations for editors, and
# the page of plugins, whose text is written by hand. Both are in the tarball.
noinst_PROGRAMS += %D%/generate/generate
%C%_generate_generate_SOURCES = %D%/generate/annotations.c %D%/generate/annotations_policy.c %D%/generate/generate.h \
	%D%/generate/main.c %D%/generate/page.c
%C%_generate_generate_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
%C%_generate_generate_LDADD = core/libcore.la

annotationsdir = $(pkgdatadir)/lua-annotations
annotations_DATA = %D%/lua-annotations/thingspace.lua
shipped += $(annotations_DATA)
CLEANFILES += $(annotations_DATA).part
%D%/lua-annotations/thingspace.lua: %D%/generate/generate$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(run_built) ./%D%/generate/generate annotations > $@.part && mv $@.part $@

man7_MANS = %D%/man/thingspace-plugin.7 %D%/man/thingspace-plugins.7
EXTRA_DIST += %D%/man/thingspace-plugin.7.in
shipped += %D%/man/thingspace-plugin.7
%D%/man/thingspace-plugin.7: %D%/man/thingspace-plugin.7.in %D%/generate/generate$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(run_built) ./%D%/generate/generate page < $(srcdir)/docs/man/thingspace-plugin.7.in > $@.part && \
	$(SED) -e 's|[@]PACKAGE_VERSION[@]|$(PACKAGE_VERSION)|g' -e 's|$(shipped_annotationsdir)|$(annotationsdir)|g' \
		-e 's|[@]ANNOTATIONS[@]|$(annotationsdir)|g' $@.part > $@.new && mv $@.new $@ && rm -f $@.part

# The page of the plugins that ship is written by hand, too.
EXTRA_DIST += %D%/man/thingspace-plugins.7.in
CLEANFILES += %D%/man/thingspace-plugins.7
%D%/man/thingspace-plugins.7: %D%/man/thingspace-plugins.7.in
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(SED) -e 's|[@]EXAMPLES[@]|$(examplesdir)|g' $(srcdir)/docs/man/thingspace-plugins.7.in > $@

# The documents and pages as a site, for those who have cmark-gfm and mandoc: `make site` makes it,
# `make install-site` puts it into htmldir.
CLEANFILES += %D%/site/html/*
EXTRA_DIST += %D%/site/build.sh %D%/site/page.awk %D%/site/style.css
manual_pages = $(man1_MANS) $(man3_MANS) $(format_pages) $(man7_MANS) $(man8_MANS)
site: $(manual_pages)
	$(AM_V_GEN)CMARK='$(CMARK)' MANDOC='$(MANDOC)' AWK='$(AWK)' $(SHELL) $(srcdir)/docs/site/build.sh \
		'$(abs_top_srcdir)' '$(abs_top_builddir)' '$(abs_top_builddir)/docs/site/html' '$(PACKAGE_VERSION)'
install-site: site
	$(MKDIR_P) '$(DESTDIR)$(htmldir)' && $(INSTALL_DATA) docs/site/html/* '$(DESTDIR)$(htmldir)'
uninstall-local: uninstall-site
uninstall-site:
	@test ! -d docs/site/html || for file in docs/site/html/*; do \
		rm -f '$(DESTDIR)$(htmldir)'/"$${file##*/}"; \
	done
.PHONY: site install-site uninstall-site install-function-names uninstall-function-names
