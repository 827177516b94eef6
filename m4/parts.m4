# SPDX-License-Identifier: MIT
# What a build needs, and what it may have.
#
# TS_MODULE asks pkg-config for one library, and says in ts_lack what is wrong with it: which version
# there is, which it takes, the package of Debian that has it. TS_REQUIRED collects what every build
# needs, so that one run of configure names all of it (TS_STOP_IF_LACKING). TS_NO_BLANKS refuses
# folders with blanks, which neither libtool nor make can take.

# TS_MODULE(VARIABLE, MODULE, VERSION, DEBIAN-PACKAGE, [IF-FOUND], [IF-NOT])
AC_DEFUN([TS_MODULE], [
PKG_CHECK_MODULES([$1], [$2 >= $3], [$5], [
  ts_lack="$2 $3 or newer"
  AS_IF([test -z "$PKG_CONFIG"], [ts_lack="$ts_lack (pkg-config is missing; Debian: pkg-config $4)"],
    [ts_found=`$PKG_CONFIG --modversion "$2" 2>/dev/null`
     AS_IF([test -n "$ts_found"], [ts_lack="$ts_lack (found $ts_found; Debian: $4)"],
       [ts_lack="$ts_lack (not found; Debian: $4)"])])
  $6])
])

# TS_REQUIRED(VARIABLE, MODULE, VERSION, DEBIAN-PACKAGE)
AC_DEFUN([TS_REQUIRED], [TS_MODULE([$1], [$2], [$3], [$4], [], [TS_LACKING([$4])])])

# TS_LACKING(DEBIAN-PACKAGE): what ts_lack says is wrong, and every build needs it.
AC_DEFUN([TS_LACKING], [ts_lacking="$ts_lacking
    $ts_lack"
  ts_packages="$ts_packages $1"])

AC_DEFUN([TS_STOP_IF_LACKING], [
AS_IF([test -n "$ts_lacking"], [
  AS_IF([test -z "$PKG_CONFIG"], [ts_packages=" pkg-config$ts_packages"])
  AC_MSG_ERROR([needed and missing, or too old:$ts_lacking
  On Debian: apt-get install$ts_packages
  Elsewhere than in the usual folders they are found through PKG_CONFIG_PATH.])])
])

# TS_NO_BLANKS: before automake's own checks, whose words are shorter.
AC_DEFUN([TS_NO_BLANKS], [
ts_build=`pwd`
ts_source=`cd "$srcdir" && pwd`
for ts_name in ts_source ts_build prefix exec_prefix bindir libdir libexecdir datarootdir datadir \
  sysconfdir includedir mandir docdir htmldir
do
  eval "ts_value=\$$ts_name"
  ts_option=`echo $ts_name | sed 's/_/-/'`
  AS_CASE([$ts_value], [*' '* | *'	'* | *'
'*], [
    AS_CASE([$ts_name],
      [ts_source], [AC_MSG_ERROR([the folder of the sources, '$ts_value', has a blank in its name, which make and libtool cannot take: move it])],
      [ts_build], [AC_MSG_ERROR([the folder of the build, '$ts_value', has a blank in its name, which make and libtool cannot take: build in another])],
      [AC_MSG_ERROR([--$ts_option='$ts_value' has a blank in it, which libtool cannot take: choose another folder])])])
done
])

# TS_COMPLETION(SHELL, FOLDER): the option, SHELLcompdir and the conditional SHELL_COMPLETION.
AC_DEFUN([TS_COMPLETION], [
AC_ARG_WITH([$1-completion-dir],
  [AS_HELP_STRING([--with-$1-completion-dir=DIR], [where completion for $1 goes, or no: $2])],
  [$1compdir=$withval], [$1compdir=yes])
AS_IF([test "x$$1compdir" = xyes], [$1compdir='${datadir}/$2'])
AM_CONDITIONAL(m4_toupper([$1])[_COMPLETION], [test "x$$1compdir" != xno])
AC_SUBST([$1compdir])
])

# TS_YES_NO_AUTO(NAME): an option of another value is an error, not a surprise.
AC_DEFUN([TS_YES_NO_AUTO], [
AS_CASE([$enable_[]m4_translit([$1], [-], [_])], [yes | no | auto], [],
  [AC_MSG_ERROR([--enable-$1 is yes, no or auto, not '$enable_[]m4_translit([$1], [-], [_])'])])
])

# TS_LINKS(FLAGS, IF-SO, IF-NOT): whether a program is made with them.
AC_DEFUN([TS_LINKS], [
ts_save_CFLAGS=$CFLAGS
CFLAGS="$CFLAGS $1"
AC_LINK_IFELSE([AC_LANG_PROGRAM()], [ts_links=yes], [ts_links=no])
CFLAGS=$ts_save_CFLAGS
AS_IF([test $ts_links = yes], [$2], [$3])
])
