/* SPDX-License-Identifier: MIT */
/* See listed_check.h. A list of one reply may be long: services are found by name. Owns nothing. */
#include <config.h>
#include "base/error.h"
#include "base/map.h"
#include "base/text.h"
#include "callbacks/plan/listed_check.h"

static void free_map(map **map)
{
    map_free(*map);
}

static bool same_text(const char *a, const char *b)
{
    return text_equal(a ? a : "", b ? b : "");
}

static bool same_listener(const listener_row *a, const listener_row *b)
{
    return same_text(a->shown.url, b->shown.url) && same_text(a->shown.username, b->shown.username);
}

static thingspace_status check_row(map *known, const listener_row *row, const char *asked,
                                   thingspace_error *error)
{
    const listener_row *other = map_get(known, row->shown.service);
    if (!text_equal(row->shown.account, asked))
        return error_set(error, THINGSPACE_PROTOCOL,
                         "list: the answer has a listener of account %.120s, so it is not known "
                         "what %s has; nothing of it is changed",
                         row->shown.account, asked);
    if (other && !same_listener(other, row))
        return error_set(error, THINGSPACE_PROTOCOL,
                         "list: the answer has %.120s twice, with other URLs or usernames, so it "
                         "is not known whose it is; nothing of %s is changed",
                         row->shown.service, asked);
    return map_set(known, row->shown.service, (void *)row) == THINGSPACE_OK ? THINGSPACE_OK
                                                                            : error_memory(error);
}

thingspace_status listed_check(const thingspace_result *listed, const char *asked,
                               thingspace_error *error)
{
    __attribute__((cleanup(free_map))) map *known = NULL;
    if (listed->row_count == 0)
        return THINGSPACE_OK;
    if (map_new(&known, NULL) != THINGSPACE_OK)
        return error_memory(error);
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < listed->row_count && status == THINGSPACE_OK; i++)
        status = check_row(known, &listed->rows[i], asked, error);
    return status;
}
