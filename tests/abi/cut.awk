# SPDX-License-Identifier: MIT
# First the stored description, then another one: prints the other one without what may be added to
# it: what structs whose first member is their size have beyond the stored size, and new values of
# enumerations. Then whatever abidiff finds is a break, and nothing harmless can hide it.
function attribute(name,   from) {
    if (!match($0, name "='[^']*'"))
        return ""
    from = RSTART + length(name) + 2
    return substr($0, from, RSTART + RLENGTH - 1 - from)
}
/<class-decl / { name = attribute("name"); members = 0 }
/<enum-decl / { enumeration = attribute("name") }
# The first line of a struct's first member, then that of its name.
/<data-member / && FNR == NR { members++ }
FNR == NR && /<class-decl / { size[name] = attribute("size-in-bits") }
FNR == NR && /<var-decl name='size' / && members == 1 { grows[name] = 1 }
FNR == NR && /<enumerator / { known[enumeration] = 1; value[enumeration, attribute("name")] = 1 }
FNR == NR { next }
/<class-decl / {
    most = name in grows ? size[name] : ""
    if (most != "" && attribute("size-in-bits") + 0 > most + 0)
        sub(/size-in-bits='[0-9]*'/, "size-in-bits='" most "'")
}
/<enumerator / && enumeration in known && !((enumeration, attribute("name")) in value) { next }
/<data-member / { skipping = most != "" && attribute("layout-offset-in-bits") + 0 >= most + 0 }
!skipping
/<\/data-member>/ { skipping = 0 }
/<\/class-decl>/ { most = "" }
