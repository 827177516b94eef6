x = 'a\x41\65\u{20AC}\z  
 b\
c' y = [==[ ]] ]==] z = "\"" --[=[ c
]=] return x
