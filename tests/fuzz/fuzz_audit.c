/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an audit file: verifying ends, and what fits has a first line and adds up. Appending
 * to them makes a file whose last line fits, or leaves them as they are.
 */
#include "fuzz.h"
#include <sys/stat.h>
#include <unistd.h>
#include "plugins/audit/chain.h"

static char path[64];

static void write_file(const uint8_t *data, size_t size)
{
    snprintf(path, sizeof(path), "/tmp/fuzz-audit.%ld", (long)getpid());
    FILE *file = fopen(path, "we");
    PROMISE(file);
    PROMISE(fchmod(fileno(file), 0600) == 0);
    PROMISE(fwrite(data, 1, size, file) == size);
    PROMISE(fclose(file) == 0);
}

static audit_verdict verify(audit_report *out)
{
    FILE *file = fopen(path, "re");
    PROMISE(file);
    audit_verdict verdict = audit_chain_verify(file, NULL, out);
    fclose(file);
    PROMISE(verdict != AUDIT_UNREADABLE);
    PROMISE(verdict == AUDIT_FITS ? out->lines > 0 && out->bad_line == 0 : out->bad_line > 0);
    PROMISE(out->unfinished_count <= out->intents && out->intents <= out->lines);
    return verdict;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    audit_report before, after;
    write_file(data, size);
    audit_verdict verdict = verify(&before);
    audit_chain *chain = audit_chain_new(path, false);
    PROMISE(chain);
    bool appended = audit_chain_append(chain, "intent", ",\"id\":\"0123456789abcdef\"");
    struct stat found;
    PROMISE(stat(path, &found) == 0);
    PROMISE(appended ? (size_t)found.st_size > size : (size_t)found.st_size == size);
    audit_verdict then = verify(&after);
    PROMISE(verdict != AUDIT_FITS || (appended && then == AUDIT_FITS));
    PROMISE(size > 0 || then == AUDIT_FITS);
    audit_chain_free(chain);
    audit_report_dispose(&before);
    audit_report_dispose(&after);
    unlink(path);
    return 0;
}
