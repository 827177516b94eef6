/* SPDX-License-Identifier: MIT */
/*
 * The callback APIs, one constant row each: where an API is, where it wants account and service,
 * what it calls their members, and what it answers. The operations are carried out by the row; the
 * wire is told nowhere else. What the rows say beside the Connectivity Management API is from
 * vendor pages and SDKs that do not agree on all of it: answers are read more loosely than they are
 * described. Constant data and pure functions; any thread.
 */
#ifndef API_TABLE_H
#define API_TABLE_H

#include <stdbool.h>
#include <thingspace/error.h>
#include <thingspace/services.h>

typedef enum api_reply {
    API_REPLY_OBJECT,  /* an object, perhaps with the names of account and service */
    API_REPLY_LIST,    /* the same, or a list of one */
    API_REPLY_SUCCESS, /* {"success": true}, or the names */
    API_REPLY_EMPTY,   /* nothing, whatever comes all the same */
} api_reply;

typedef struct api_row {
    thingspace_api_info info; /* name, base path, callback services */

    bool account_in_path; /* /callbacks/ACCOUNT */
    bool service_in_path; /* of a removal: /callbacks/ACCOUNT/name/SERVICE */
    /* Parameters of the query; NULL: not there. A register whose body names the account has none.
     */
    const char *account_query;
    const char *service_query; /* of a removal */

    /* Members of the body of a register; NULL: not sent. Without `service_member` an account has
     * one listener, whose name is the first of info.services. */
    const char *account_member;
    const char *service_member;
    const char *url_member;
    bool credentials;           /* username and password may be sent */
    const char *headers_member; /* HTTP headers for each message may be sent so; NULL: none */

    const char *update_method; /* where there is a listener already */
    bool lists_object;         /* a list may be one object in place of an array */
    api_reply registered, removed;
    bool has_signing_key; /* in a header of the answer to a register */
} api_row;

/* Room for each API once. */
#define API_ROWS 7

/* That of an API's name; NULL: connectivity. Expected: USAGE (with the name that was meant). */
thingspace_status api_row_find(const api_row **out, const char *name, thingspace_error *error);
/* Whether it is the Connectivity Management API. */
bool api_row_is_default(const api_row *row);
/* Whether it is that of the name; NULL: connectivity. */
bool api_row_is(const api_row *row, const char *name);
/* As it is told and declared; NULL: connectivity. */
const char *api_row_name(const api_row *row);

/* Whether a listener of that service can be sent there. `username` and `has_password` are those
 * wanted; an empty username is none. Expected: USAGE. */
thingspace_status api_row_check_service(const api_row *row, const char *service,
                                        thingspace_error *error);
thingspace_status api_row_check_credentials(const api_row *row, const char *username,
                                            bool has_password, thingspace_error *error);
/* Whether that service is known of the API; those of connectivity are in catalogue/service.h. */
bool api_row_knows_service(const api_row *row, const char *service);
/* What to say of a service that can be sent there and is not known, with the one that was probably
 * meant; false: nothing. */
#define API_SERVICE_DOUBT 256
bool api_row_doubt_service(char out[API_SERVICE_DOUBT], const api_row *row, const char *service);

#endif
