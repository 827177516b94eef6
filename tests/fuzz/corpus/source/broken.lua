return { hooks = { request = function(call, 
