/* SPDX-License-Identifier: MIT */
/* Whatever the text, the CSV reader ends, its cells lie inside the text, and rows are as wide as
 * the names. */
#include <config.h>
#include "base/text.h"
#include "fuzz.h"
#include "lua/policy/csv.h"

static void check_cells(const csv *from, const csv_cell *cells)
{
    for (size_t i = 0; i < from->column_count; i++) {
        PROMISE(cells[i].text >= from->text);
        PROMISE(cells[i].text + cells[i].size <= from->text + from->size);
        PROMISE(text_is_utf8(cells[i].text, cells[i].size));
        PROMISE(cells[i].size == 0 || !memchr(cells[i].text, '\0', cells[i].size));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static csv from; /* 8 KiB: not on the stack */
    bool more = true;
    char *text = fuzz_text(data, size);
    thingspace_status status = csv_open(&from, text, size, NULL);
    if (status == THINGSPACE_OK)
        check_cells(&from, from.columns);
    while (status == THINGSPACE_OK && more) {
        size_t before = from.offset;
        status = csv_next(&from, &more, NULL);
        if (status != THINGSPACE_OK || !more)
            break;
        PROMISE(from.offset > before);
        check_cells(&from, from.cells);
    }
    PROMISE(status == THINGSPACE_OK || status == THINGSPACE_POLICY);
    free(text);
    return 0;
}
