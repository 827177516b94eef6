# What the languages have in common. A language that was not built is skipped.
EXTRA_DIST += %D%/languages.sh %D%/functions.lua %D%/functions.py %D%/functions.sh %D%/functions.txt

if SIMULATOR
TESTS += %D%/functions.sh
endif
