return -2 ^ -3 .. 0x.8p1 // 1e-3 & ~a << 1 | #b ~ c == not d and e or f ~= g
