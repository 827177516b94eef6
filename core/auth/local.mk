auth_sources = \
	%D%/credential.c %D%/credential.h \
	%D%/digest_key.c %D%/digest_key.h \
	%D%/keyring.h \
	%D%/latch.c %D%/latch.h \
	%D%/latch_file.c %D%/latch_file.h \
	%D%/state_name.c %D%/state_name.h \
	%D%/token_file.c %D%/token_file.h
