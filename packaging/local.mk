# SPDX-License-Identifier: MIT
# What an installed system needs beside the command: units of systemd, their user, their folder of
# credentials, and a policy to fill in. configure decides where they go (m4/systemd.m4).

# One text for how both services are confined.
confdir = $(sysconfdir)/thingspace
systemd_sources = %D%/systemd/confined.in %D%/systemd/thingspace-apply.service.in \
	%D%/systemd/thingspace-drift.service.in %D%/systemd/tmpfiles.d/thingspace.conf.in
EXTRA_DIST += $(systemd_sources) $(systemd_timers) %D%/systemd/sysusers.d/thingspace.conf \
	%D%/systemd/unit-outcome $(config_files)
systemd_services = %D%/systemd/thingspace-apply.service %D%/systemd/thingspace-drift.service
systemd_preset = %D%/systemd/80-thingspace.preset
EXTRA_DIST += $(systemd_preset)
systemd_timers = %D%/systemd/thingspace-apply.timer %D%/systemd/thingspace-drift.timer
CLEANFILES += $(systemd_services) %D%/systemd/tmpfiles.d/thingspace.conf
systemd_fill = $(SED) -e 's|[@]bindir[@]|$(bindir)|g' -e 's|[@]confdir[@]|$(confdir)|g' \
	-e 's|[@]pkglibexecdir[@]|$(pkglibexecdir)|g'

$(systemd_services): $(systemd_sources) Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && cat $(srcdir)/$@.in $(srcdir)/packaging/systemd/confined.in | \
	$(systemd_fill) > $@.part && mv $@.part $@
%D%/systemd/tmpfiles.d/thingspace.conf: %D%/systemd/tmpfiles.d/thingspace.conf.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(systemd_fill) $(srcdir)/$@.in > $@.part && mv $@.part $@

if SYSTEMD
systemdsystemunit_DATA = $(systemd_services) $(systemd_timers)
# Where the rest is to be enabled from the first boot on, as it is without a preset, these are not.
systempresetdir = $(systemdsystemunitdir)-preset
systempreset_DATA = $(systemd_preset)
pkglibexec_SCRIPTS = %D%/systemd/unit-outcome
endif
if SYSUSERS
sysusers_DATA = %D%/systemd/sysusers.d/thingspace.conf
endif
if TMPFILES
tmpfiles_DATA = %D%/systemd/tmpfiles.d/thingspace.conf
endif

# What the units do, for administrators.
dist_doc_DATA += docs/administration.md
man8_MANS = docs/man/thingspace-drift.8
EXTRA_DIST += docs/man/thingspace-drift.8.in
CLEANFILES += $(man8_MANS)
docs/man/thingspace-drift.8: docs/man/thingspace-drift.8.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(SED) -e 's|[@]CONFDIR[@]|$(confdir)|g' \
		$(srcdir)/docs/man/thingspace-drift.8.in > $@.part && mv $@.part $@

# Files that administrators edit: what is there stays, and is removed only as it came.
config_files = %D%/etc/accounts.csv %D%/etc/environment %D%/etc/policy.lua
install-data-local: install-config
uninstall-local: uninstall-config
.PHONY: install-config uninstall-config
install-config:
if SYSTEMD
	$(MKDIR_P) "$(DESTDIR)$(confdir)"
	$(INSTALL) -d -m 700 "$(DESTDIR)$(confdir)/credentials"
	@for file in $(config_files); do \
		to="$(DESTDIR)$(confdir)/$${file##*/}"; \
		if test -e "$$to"; then echo "$$to stays as it is"; \
		else echo "$(INSTALL_DATA) $$to"; $(INSTALL_DATA) "$(srcdir)/$$file" "$$to" || exit 1; fi; \
	done
endif
uninstall-config:
	@for file in $(config_files); do \
		to="$(DESTDIR)$(confdir)/$${file##*/}"; \
		if cmp -s "$(srcdir)/$$file" "$$to"; then rm -f "$$to"; fi; \
	done
	@for folder in "$(DESTDIR)$(confdir)/credentials" "$(DESTDIR)$(confdir)"; do \
		test ! -d "$$folder" || rmdir "$$folder" 2>/dev/null || :; \
	done

# Debian's packages are built of these by scripts/package-deb.sh, which copies them to `debian`.
EXTRA_DIST += \
	%D%/debian/changelog \
	%D%/debian/control \
	%D%/debian/copyright \
	%D%/debian/libthingspace-dev.install \
	%D%/debian/libthingspace-dev.lintian-overrides \
	%D%/debian/libthingspace-doc.doc-base \
	%D%/debian/libthingspace-doc.install \
	%D%/debian/libthingspace-doc.lintian-overrides \
	%D%/debian/libthingspace-simulator0.install \
	%D%/debian/libthingspace-simulator0.lintian-overrides \
	%D%/debian/libthingspace-simulator0.symbols \
	%D%/debian/libthingspace0.install \
	%D%/debian/libthingspace0.lintian-overrides \
	%D%/debian/libthingspace0.symbols \
	%D%/debian/lua-thingspace.install \
	%D%/debian/lua-thingspace.lintian-overrides \
	%D%/debian/not-installed \
	%D%/debian/python3-thingspace.install \
	%D%/debian/python3-thingspace.lintian-overrides \
	%D%/debian/rules \
	%D%/debian/source/format \
	%D%/debian/source/lintian-overrides \
	%D%/debian/tests/compile \
	%D%/debian/tests/control \
	%D%/debian/tests/demo \
	%D%/debian/tests/lua \
	%D%/debian/tests/plugins \
	%D%/debian/tests/python3 \
	%D%/debian/thingspace-plugins.install \
	%D%/debian/thingspace-plugins.lintian-overrides \
	%D%/debian/thingspace.install \
	%D%/debian/thingspace.lintian-overrides \
	%D%/debian/thingspace.postrm \
	%D%/debian/thingspace.prerm \
	%D%/debian/upstream/metadata \
	%D%/debian/watch

# rpm's packages, by scripts/package-rpm.sh.
EXTRA_DIST += \
	%D%/rpm/compare-files \
	%D%/rpm/macros \
	%D%/rpm/rpmlint.toml \
	%D%/rpm/thingspace.spec
