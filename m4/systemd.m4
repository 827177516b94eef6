# SPDX-License-Identifier: MIT
# TS_SYSTEMD: where the units go, and what belongs to them.
#
# Below /usr they go where systemd's pkg-config file says, below another prefix into that prefix:
# systemd looks into /usr/local/lib by itself, and `make install` as a user writes nothing elsewhere.
# Without systemd, and with --with-systemdsystemunitdir=no, there are none.
#
# Output: systemdsystemunitdir, sysusersdir, tmpfilesdir, the conditional SYSTEMD, ts_systemd_summary.
#
# TS_SYSTEMD_DIR(OPTION, VARIABLE, VARIABLE OF systemd.pc, FOLDER BELOW THE PREFIX, WHAT)
AC_DEFUN([TS_SYSTEMD_DIR], [
AC_ARG_WITH([$1], [AS_HELP_STRING([--with-$1=DIR], [$5, or no])], [], [with_$1=auto])
AS_CASE([$with_$1],
  [no], [$2=],
  [auto|yes],
    [$2='${prefix}/$4'
     AS_IF([test "x$prefix" = x/usr],
       [ts_dir=`$PKG_CONFIG --variable=$3 systemd 2>/dev/null`
        AS_IF([test -n "$ts_dir"], [$2=$ts_dir])])],
  [/*|'${'*], [$2=$with_$1],
  [AC_MSG_ERROR([--with-$1 takes an absolute folder, or no])])
])

AC_DEFUN([TS_SYSTEMD], [
AC_REQUIRE([PKG_PROG_PKG_CONFIG])
TS_SYSTEMD_DIR([systemdsystemunitdir], [systemdsystemunitdir], [systemdsystemunitdir],
  [lib/systemd/system], [units of systemd])
TS_SYSTEMD_DIR([sysusersdir], [sysusersdir], [sysusersdir], [lib/sysusers.d], [the user of the units])
TS_SYSTEMD_DIR([tmpfilesdir], [tmpfilesdir], [tmpfilesdir], [lib/tmpfiles.d], [the folders of the units])
AS_IF([test "x$with_systemdsystemunitdir" = xauto],
  [$PKG_CONFIG --exists systemd 2>/dev/null || systemdsystemunitdir=])
# Without units, what belongs to them goes only where it was asked for.
AS_IF([test -z "$systemdsystemunitdir"],
  [AS_IF([test "x$with_sysusersdir" = xauto], [sysusersdir=])
   AS_IF([test "x$with_tmpfilesdir" = xauto], [tmpfilesdir=])])
AC_SUBST([systemdsystemunitdir])
AC_SUBST([sysusersdir])
AC_SUBST([tmpfilesdir])
AM_CONDITIONAL([SYSTEMD], [test -n "$systemdsystemunitdir"])
AM_CONDITIONAL([SYSUSERS], [test -n "$sysusersdir"])
AM_CONDITIONAL([TMPFILES], [test -n "$tmpfilesdir"])
ts_systemd_summary=${systemdsystemunitdir:-no}
])
