/* SPDX-License-Identifier: MIT */
/* URLs of endpoints: how they are read, what an endpoint may have, classes of addresses. */
#include "check.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>
#include "http/url.h"

static void a_url_is_read_into_its_parts(void)
{
    url read;
    CHECK_OK(url_parse(&read, "https://ThingSpace.example.com/api", NULL));
    CHECK(read.https && !read.is_literal);
    CHECK_TEXT(read.host, "thingspace.example.com");
    CHECK_INT(read.port, 443);
    CHECK_TEXT(read.path, "/api");
    CHECK_OK(url_parse(&read, "http://[::1]:8080", NULL));
    CHECK(!read.https && read.is_literal);
    CHECK_TEXT(read.host, "::1");
    CHECK_INT(read.literal, ADDRESS_LOOPBACK);
    CHECK_INT(read.port, 8080);
    CHECK_TEXT(read.path, "");
}

static void what_is_no_plain_url_is_refused(void)
{
    static const char *const bad[] = {
        "file:///etc/passwd",
        "gopher://a.example.com",
        "https://u:p@a.example.com",
        "https://",
        "https://2130706433",
        "https://0x7f.1",
        "https://127.1",
        "https://[::ffff:1.2.3.4]",
        "https://a.example.com:0",
        "https://a.example.com/\r\n",
        "https://a.example.com/#x",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        url read;
        CHECK_STATUS(url_parse(&read, bad[i], NULL), THINGSPACE_USAGE);
        CHECK_STATUS(url_check_endpoint(bad[i], true, true, NULL), THINGSPACE_USAGE);
    }
}

typedef struct expectation {
    const char *text;
    bool insecure, private_allowed;
    thingspace_status status;
} expectation;

static const expectation endpoints[] = {
    {"https://thingspace.verizon.com", false, false, THINGSPACE_OK},
    {"http://thingspace.verizon.com", false, false, THINGSPACE_USAGE},
    {"http://thingspace.verizon.com", false, true, THINGSPACE_USAGE},
    {"http://thingspace.verizon.com", true, false, THINGSPACE_OK},
    {"http://127.0.0.1:8080", false, false, THINGSPACE_OK},
    {"http://[::1]:8080", false, false, THINGSPACE_OK},
    {"http://localhost:8080", false, false, THINGSPACE_USAGE},
    {"https://10.0.0.1", false, false, THINGSPACE_USAGE},
    {"https://10.0.0.1", true, false, THINGSPACE_USAGE},
    {"https://10.0.0.1", false, true, THINGSPACE_OK},
    {"http://10.0.0.1", false, true, THINGSPACE_USAGE},
    {"http://10.0.0.1", true, true, THINGSPACE_OK},
    {"https://169.254.169.254", false, false, THINGSPACE_USAGE},
    {"https://[fd00::1]", false, false, THINGSPACE_USAGE},
    {"https://8.8.8.8", false, false, THINGSPACE_OK},
};

static void plain_http_and_private_addresses_need_a_word(void)
{
    for (size_t i = 0; i < sizeof(endpoints) / sizeof(endpoints[0]); i++)
        CHECK_STATUS(url_check_endpoint(endpoints[i].text, endpoints[i].insecure,
                                        endpoints[i].private_allowed, NULL),
                     endpoints[i].status);
}

static address_class class_of(const char *text)
{
    struct sockaddr_in in4 = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &in4.sin_addr) == 1)
        return url_address_class((const struct sockaddr *)&in4);
    inet_pton(AF_INET6, text, &in6.sin6_addr);
    return url_address_class((const struct sockaddr *)&in6);
}

static void connected_addresses_have_their_class(void)
{
    CHECK_INT(class_of("127.0.0.1"), ADDRESS_LOOPBACK);
    CHECK_INT(class_of("::1"), ADDRESS_LOOPBACK);
    CHECK_INT(class_of("::ffff:127.0.0.1"), ADDRESS_LOOPBACK);
    CHECK_INT(class_of("192.168.1.1"), ADDRESS_PRIVATE);
    CHECK_INT(class_of("::ffff:10.0.0.1"), ADDRESS_PRIVATE);
    CHECK_INT(class_of("100.64.0.1"), ADDRESS_PRIVATE);
    CHECK_INT(class_of("0.0.0.0"), ADDRESS_PRIVATE);
    CHECK_INT(class_of("239.1.1.1"), ADDRESS_PRIVATE);
    CHECK_INT(class_of("fe80::1"), ADDRESS_PRIVATE);
    CHECK_INT(class_of("fc00::1"), ADDRESS_PRIVATE);
    CHECK_INT(class_of("::"), ADDRESS_PRIVATE);
    CHECK_INT(class_of("8.8.8.8"), ADDRESS_PUBLIC);
    CHECK_INT(class_of("::ffff:8.8.8.8"), ADDRESS_PUBLIC);
    CHECK_INT(class_of("2606:4700::1111"), ADDRESS_PUBLIC);
    struct sockaddr_un other = {.sun_family = AF_UNIX};
    CHECK_INT(url_address_class((const struct sockaddr *)&other), ADDRESS_PRIVATE);
}

static void encoding_leaves_unreserved_characters_alone(void)
{
    cleanup_buffer buffer out;
    buffer_init(&out, 100);
    CHECK_OK(url_encode(&out, "aZ09-._~ /?&=%+"));
    CHECK_TEXT(buffer_text(&out), "aZ09-._~%20%2F%3F%26%3D%25%2B");
}

static const check_case cases[] = {
    CHECK_CASE(a_url_is_read_into_its_parts),
    CHECK_CASE(what_is_no_plain_url_is_refused),
    CHECK_CASE(plain_http_and_private_addresses_need_a_word),
    CHECK_CASE(connected_addresses_have_their_class),
    CHECK_CASE(encoding_leaves_unreserved_characters_alone),
};
CHECK_MAIN(cases)
