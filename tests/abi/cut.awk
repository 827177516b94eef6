# SPDX-License-Identifier: MIT
# First the stored description, then another one: prints the other one without what its structs have
# beyond the stored size.
function attribute(name,   from) {
    if (!match($0, name "='[^']*'"))
        return ""
    from = RSTART + length(name) + 2
    return substr($0, from, RSTART + RLENGTH - 1 - from)
}
/<class-decl / && FNR == NR { size[attribute("name")] = attribute("size-in-bits") }
FNR == NR { next }
/<class-decl / {
    name = attribute("name")
    most = name in size ? size[name] : ""
    if (most != "" && attribute("size-in-bits") + 0 > most + 0)
        sub(/size-in-bits='[0-9]*'/, "size-in-bits='" most "'")
}
/<data-member / { skipping = most != "" && attribute("layout-offset-in-bits") + 0 >= most + 0 }
!skipping
/<\/data-member>/ { skipping = 0 }
/<\/class-decl>/ { most = "" }
