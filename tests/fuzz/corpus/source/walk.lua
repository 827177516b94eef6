local limit <const> = thingspace.settings.limit or 3
local ready = false
local function setup() ready = true end
setup()
local function walk(list, found)
  for i = 1, #list do
    if not list[i] then goto continue end
    found[#found + 1] = list[i]
    ::continue::
  end
  return found
end
local check
check = function(call) return ready and #walk({ call.id }, {}) < limit end
return { name = 'walk', version = '1', api = 1, hooks = {
  check = function(call) if not check(call) then return thingspace.deny('x', 'y') end end } }
