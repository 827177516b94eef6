for i = 1, 2 do goto next local x <const> = 1 ::next:: end ::a:: do goto a end
