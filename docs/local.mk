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
check_LTLIBRARIES += %D%/examples/plugin.la
%C%_examples_plugin_la_SOURCES = %D%/examples/plugin.c
%C%_examples_plugin_la_CPPFLAGS = -I$(top_srcdir)/core/include
%C%_examples_plugin_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -rpath $(abs_builddir)/%D%
# Beside the policies of scripts/local.mk; what they are about is installed, too.
programsdir = $(docdir)/examples
dist_programs_DATA = %D%/examples/epoll.c %D%/examples/plugin.c %D%/examples/register.c %D%/examples/secrets.c
dist_doc_DATA = %D%/c.md %D%/lua.md %D%/plugins.md %D%/python.md
EXTRA_DIST += %D%/architecture.md %D%/operations.md %D%/performance.md %D%/plugin-host.md %D%/threats.md

# The page of policies is written by hand; the build puts the version in.
man5_MANS = %D%/man/thingspace-policy.5
EXTRA_DIST += %D%/man/thingspace-policy.5.in
CLEANFILES += %D%/man/thingspace-policy.5
%D%/man/thingspace-policy.5: %D%/man/thingspace-policy.5.in
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(SED) -e 's|[@]PACKAGE_VERSION[@]|$(PACKAGE_VERSION)|g' -e 's|[@]EXAMPLES[@]|$(examplesdir)|g' \
		$(srcdir)/docs/man/thingspace-policy.5.in > $@

# The page of the command is written from the command's own tables.
man1_MANS = %D%/man/thingspace.1
CLEANFILES += %D%/man/thingspace.1 %D%/man/thingspace.1.part
%D%/man/thingspace.1: cli/generate$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && ./cli/generate man > $@.part && mv $@.part $@

# What plugin writers get from the tables of the library: annotations for editors, and
# the page of plugins, whose text is written by hand. Both are in the tarball.
noinst_PROGRAMS += %D%/generate/generate
%C%_generate_generate_SOURCES = %D%/generate/annotations.c %D%/generate/annotations_policy.c %D%/generate/generate.h \
	%D%/generate/main.c %D%/generate/page.c
%C%_generate_generate_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
%C%_generate_generate_LDADD = core/libcore.la

annotationsdir = $(pkgdatadir)/lua-annotations
annotations_DATA = %D%/lua-annotations/thingspace.lua
EXTRA_DIST += $(annotations_DATA)
CLEANFILES += $(annotations_DATA) $(annotations_DATA).part
%D%/lua-annotations/thingspace.lua: %D%/generate/generate$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && ./%D%/generate/generate annotations > $@.part && mv $@.part $@

man7_MANS = %D%/man/thingspace-plugin.7 %D%/man/thingspace-plugins.7
EXTRA_DIST += %D%/man/thingspace-plugin.7.in %D%/man/thingspace-plugin.7
CLEANFILES += %D%/man/thingspace-plugin.7 %D%/man/thingspace-plugin.7.part
%D%/man/thingspace-plugin.7: %D%/man/thingspace-plugin.7.in %D%/generate/generate$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	./%D%/generate/generate page < $(srcdir)/docs/man/thingspace-plugin.7.in > $@.part && \
	$(SED) -e 's|[@]PACKAGE_VERSION[@]|$(PACKAGE_VERSION)|g' \
		-e 's|[@]ANNOTATIONS[@]|$(annotationsdir)|g' $@.part > $@

# The page of the plugins that ship is written by hand, too.
EXTRA_DIST += %D%/man/thingspace-plugins.7.in
CLEANFILES += %D%/man/thingspace-plugins.7
%D%/man/thingspace-plugins.7: %D%/man/thingspace-plugins.7.in
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(SED) -e 's|[@]EXAMPLES[@]|$(examplesdir)|g' $(srcdir)/docs/man/thingspace-plugins.7.in > $@
