# SPDX-License-Identifier: MIT
# The tarball. Of one commit it has the same bytes, whoever makes it, where and when: dist-tar.sh sets
# the order, the owner, the modes and the times, and here is what else could differ.
#
# $(shipped) are files that programs of the build write: pages, completion, annotations. They are in
# the tarball, because a build for another machine cannot run those programs; it takes them from there
# ($(run_built)). A build in the folder of the sources does not remove them with `make clean`.

EXTRA_DIST += %D%/check-tarball.sh %D%/dist-tar.sh %D%/shipped.sh $(shipped)
dist_tar = XZ_OPT='-9 -T1' && export XZ_OPT && $(SHELL) $(srcdir)/scripts/dist-tar.sh '$(srcdir)' "$$tardir"

if CROSS
run_built = $(SHELL) $(srcdir)/scripts/shipped.sh '$(srcdir)/$@'
endif

# The folder is the builder's own; in the tarball it is that of the default prefix.
shipped_annotationsdir = /usr/local/share/thingspace/lua-annotations
dist-hook:
if !SIMULATOR
	@test ! -e $(srcdir)/.git || { \
		echo "make dist: the pages of the tarball tell of the simulator, too: configure --enable-simulator" >&2; \
		exit 1; }
	for file in $(shipped) docs/man/thingspace-simulate.1; do \
		test ! -f "$(srcdir)/$$file" || cp -fp "$(srcdir)/$$file" "$(distdir)/$$file" || exit 1; \
	done
endif
	$(SED) 's|$(annotationsdir)|$(shipped_annotationsdir)|g' $(distdir)/docs/man/thingspace-plugin.7 \
		> $(distdir)/docs/man/thingspace-plugin.7.new
	mv -f $(distdir)/docs/man/thingspace-plugin.7.new $(distdir)/docs/man/thingspace-plugin.7

clean-local: clean-shipped
maintainer-clean-local: remove-shipped
.PHONY: clean-shipped remove-shipped check-tarball
clean-shipped:
	test '$(srcdir)' = . || rm -f $(shipped)
remove-shipped:
	rm -f $(shipped)

# Before anything is installed; libtool's own words do not tell.
all-local: check-destdir
.PHONY: check-destdir
check-destdir:
	@case '$(DESTDIR)' in *[[:blank:]]*) \
		echo "DESTDIR='$(DESTDIR)' has a blank in it, which libtool cannot take: choose another folder" >&2; \
		exit 1;; esac

# Two tarballs, of two users in two places, are the same, and a third build needs nothing but that one.
check-tarball:
	$(SHELL) $(srcdir)/%D%/check-tarball.sh '$(abs_top_srcdir)'
