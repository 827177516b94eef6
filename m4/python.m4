# SPDX-License-Identifier: MIT
# TS_PYTHON: whether the Python binding is built, with what, and where it goes.
#
# --enable-python=yes stops when it cannot be built, auto (the default) tells why it is not, no does
# not look. The binding uses the limited API of CPython 3.11, so that one build serves every later one.
#
# Output: PYTHON (absolute, the interpreter itself and not a wrapper that looks for it), PYTHON_CPPFLAGS,
# pyexecdir, the conditional PYTHON_BINDING, and ts_python_summary.
# pyexecdir is the interpreter's own folder for modules where that is below the prefix, which Debian's
# is for /usr and /usr/local; else the usual one, and ts_python_note is its path, which has to be told to Python.
AC_DEFUN([TS_PYTHON], [
AC_ARG_ENABLE([python],
  [AS_HELP_STRING([--enable-python], [the Python binding: yes, no or auto (when Python 3.11 and its headers are found)])],
  [], [enable_python=auto])
TS_YES_NO_AUTO([python])
AC_ARG_VAR([PYTHON], [Python 3.11 or later, for its binding])
AC_ARG_VAR([pyexecdir], [where the Python binding goes])
have_python=no
ts_python_lack=
ts_python_note=
AS_IF([test "x$enable_shared" != xyes && test "x$enable_python" != xno], [
  ts_python_lack='modules are shared libraries, which --disable-shared leaves out'
  AS_IF([test "x$enable_python" = xyes], [AC_MSG_ERROR([--enable-python: $ts_python_lack])])
  enable_python=no
])
AS_IF([test "x$enable_python" != xno], [
  AS_IF([test -z "$PYTHON"], [AC_PATH_PROGS([PYTHON], [python3 python])])
  AC_MSG_CHECKING([for Python 3.11 or later and its headers])
  ts_python=`$PYTHON -I -S -B -c 'import sys
assert sys.version_info >= (3, 11) and sys.implementation.name == "cpython"
print(sys.executable)' 2>/dev/null`
  AS_IF([test -z "$PYTHON"], [ts_python_lack='no python3 was found (Debian: python3-dev)'],
    [test -z "$ts_python"], [ts_python_lack="$PYTHON is older than 3.11, or is not CPython"],
    [PYTHON=$ts_python
     ts_python_include=`$PYTHON -B -c 'import sysconfig; print(sysconfig.get_path("include"))'`
     PYTHON_CPPFLAGS="-DPy_LIMITED_API=0x030B0000 -isystem $ts_python_include"
     ts_save_CPPFLAGS=$CPPFLAGS
     CPPFLAGS="$CPPFLAGS $PYTHON_CPPFLAGS"
     AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <Python.h>]], [[return !Py_IsInitialized();]])],
       [have_python=yes],
       [ts_python_lack="$ts_python_include/Python.h is missing (Debian: python3-dev)"])
     CPPFLAGS=$ts_save_CPPFLAGS])
  AC_MSG_RESULT([$have_python])
  AS_IF([test "$have_python" = no && test "x$enable_python" = xyes],
    [AC_MSG_ERROR([--enable-python: $ts_python_lack])])
])
AS_IF([test "$have_python" = yes], [
  ts_python_prefix=$exec_prefix
  test "x$ts_python_prefix" != xNONE || ts_python_prefix=$prefix
  test "x$ts_python_prefix" != xNONE || ts_python_prefix=$ac_default_prefix
  ts_python_place=`$PYTHON -B -c 'import os, re, sys
prefix = os.path.normpath(sys.argv[[1]])
usual = "lib/python%d.%d/site-packages" % sys.version_info[[:2]]
below = [[os.path.relpath(path, prefix) for path in sys.path if path]]
own = [[path for path in below if re.fullmatch("lib[^/]*/python[^/]*/(site|dist)-packages", path)]]
print((own or [[usual]])[[0]] + (" own" if own else ""))' "$ts_python_prefix"`
  AS_CASE([$ts_python_place], [*' own'], [], [test -n "$pyexecdir" || ts_python_note=$ts_python_prefix/$ts_python_place])
  test -n "$pyexecdir" || pyexecdir='${exec_prefix}/'${ts_python_place% own}
  ts_python_summary="$PYTHON, into $pyexecdir"
], [
  ts_python_summary=no
  test -z "$ts_python_lack" || ts_python_summary="no  ($ts_python_lack)"
])
AC_SUBST([PYTHON_CPPFLAGS])
AM_CONDITIONAL([PYTHON_BINDING], [test "$have_python" = yes])
])
